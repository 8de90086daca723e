"""What BigQuery refuses, in words that say what to do."""

from typing import Any

import pyarrow as pa
import pytest
from mushroom import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse.bigquery import BigQueryWarehouse

QUERY = Query(tree=parse_query("SELECT x FROM t"), relations={"t": PhysicalTable(name="t")})


@pytest.fixture
def shop(fill, tap, url: str) -> str:
    fill(url, {"t": pa.table({"x": [3, 1, 2]})})
    tap.calls.clear()
    return url


@pytest.mark.parametrize(
    ("part", "permission", "role"),
    [
        ("/jobs", "bigquery.jobs.create", "roles/bigquery.jobUser"),
        ("/jobs", "bigquery.tables.getData", "roles/bigquery.dataViewer"),
        ("/tables/t", "bigquery.tables.get", "roles/bigquery.dataViewer"),
        ("/datasets/shop", "bigquery.datasets.get", "roles/bigquery.dataViewer"),
    ],
)
def test_a_refusal_names_the_role(shop: str, tap, part: str, permission: str, role: str) -> None:
    said = f"Access Denied: User does not have {permission} permission."

    def refuse(call: Any) -> None:
        if call.path.partition("?")[0].endswith(part):
            call.refuse(403, "accessDenied", said)

    tap.after = refuse
    with pytest.raises(WarehouseError, match=rf"was refused: .* It may lack {role}; ask"):
        BigQueryWarehouse(shop).run(QUERY)


def test_a_quota_is_no_lack_of_a_role(shop: str, tap) -> None:
    said = "Quota exceeded: Your project exceeded quota for free query bytes scanned."

    def refuse(call: Any) -> None:
        if call.is_insert:
            call.refuse(403, "quotaExceeded", said)

    tap.after = refuse
    with pytest.raises(WarehouseError, match=rf"A query that reads t failed: .*{said}$"):
        BigQueryWarehouse(shop).run(QUERY)
