from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

CATALOG = """\
timezone: UTC
tables:
  orders:
    kind: events
    table: orders
    entity: customer
    time: at
    measures: {amount: amount}
"""

CASE = """\
case: shop
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: labels
  entity: customer
  as_of: as_of
  horizon: 10d
  targets: {ordered: binary}
score: {population: orders}
"""

DAY_US = 86_400_000_000


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file with a catalogue and data: 12 customers, labelled at two times."""
    data = tmp_path / "data"
    data.mkdir()
    customers = list(range(12))
    days = pa.array([day * DAY_US for day in customers]).cast(pa.timestamp("us"))
    orders = {"customer": customers, "at": days, "amount": [1.5] * 12}
    pq.write_table(pa.table(orders), data / "orders.parquet")
    as_of = pa.array([20 * DAY_US] * 12 + [40 * DAY_US] * 12).cast(pa.timestamp("us"))
    labels = {"customer": customers * 2, "as_of": as_of, "ordered": [0, 1] * 12}
    pq.write_table(pa.table(labels), data / "labels.parquet")
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    return path
