"""Values that are legal and odd: not finite, the same everywhere, nowhere, repeated, or new."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from shop import CUSTOMERS
from variants import change, people, prediction_bytes, predictions, quick_shop, run, table, write

NAN, INF = float("nan"), float("inf")
NEW_SINCE = np.datetime64("2024-08-05", "us")  # behind the last `as_of` that is learned from


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = quick_shop(tmp_path_factory.mktemp("values"))
    orders = table(case, "orders")
    amounts = orders["amount"].to_numpy().copy()
    amounts[::20], amounts[1::40], amounts[2::40] = NAN, INF, -INF
    orders = orders.set_column(2, "amount", pa.array(amounts))
    write(case, "orders", pa.concat_tables([orders, orders.slice(0, 30)]))  # repeated rows
    visits = table(case, "visits")
    is_new = visits["at"].to_numpy() > NEW_SINCE
    pages = np.where(is_new, "brand new", visits["page"].to_numpy(zero_copy_only=False))
    write(case, "visits", visits.set_column(2, "page", pa.array(pages)))
    write(case, "nothing", visits.slice(0, 0))
    people(
        case,
        {
            "customer": np.arange(CUSTOMERS),
            "same": ["x"] * CUSTOMERS,
            "no_text": pa.nulls(CUSTOMERS, pa.string()),
            "untyped": pa.nulls(CUSTOMERS),
            "odd": [(1.5, NAN, INF, -INF, 1e308, None)[i % 6] for i in range(CUSTOMERS)],
        },
    )
    change(case, with_all_tables)
    nothing = {"kind": "events", "table": "nothing", "entity": "customer", "time": "at"}
    nothing |= {"categories": {"page": "page"}}
    change(case.with_name("catalog.yaml"), lambda fields: fields["tables"].update(nothing=nothing))
    return case


def with_all_tables(fields: dict[str, Any]) -> None:
    fields["features"] += [
        {"name": "people", "method": "entity_attributes", "table": "people"},
        {"name": "nothing", "method": "event_windows", "table": "nothing", "windows": ["30d"]},
    ]
    fields["run"] = {"workers": 2}


@pytest.fixture(scope="module")
def printed(case: Path) -> dict[str, Any]:
    return run(case)


def test_everybody_gets_a_score(printed: dict[str, Any]) -> None:
    assert predictions(printed).num_rows == CUSTOMERS


@pytest.mark.parametrize("rows", ["training", "population"])
def test_what_is_odd_is_counted(printed: dict[str, Any], rows: str) -> None:
    data = printed["data"][rows]
    assert "people.same" in data["constant_columns"]
    assert {"people.no_text", "people.untyped"} <= set(data["missing_columns"])
    assert {"nothing.recency", "nothing.30d.page.top"} <= set(data["missing_columns"])
    assert {"nothing.30d.count", "nothing.30d.page.distinct"} <= set(data["constant_columns"])
    assert data["features"]["nothing"] == {"unknown_rows": data["rows"], "not_finite": 0}
    assert data["features"]["visits"]["not_finite"] == 0
    # Three of six people, each as often as they are described.
    assert data["features"]["people"] == {"unknown_rows": 0, "not_finite": data["rows"] // 2}


def test_each_event_that_is_not_finite_is_counted(case: Path, printed: dict[str, Any]) -> None:
    orders = table(case, "orders")
    odd = ~np.isfinite(orders["amount"].to_numpy())
    seen = orders["at"].to_numpy() <= np.datetime64("2024-08-28", "us")
    counted = printed["data"]["population"]["features"]["orders"]["not_finite"]
    assert counted == (odd & seen).sum() > 0


def test_one_worker_gives_the_same_bytes(case: Path, printed: dict[str, Any]) -> None:
    alone = case.with_name("alone.yaml")
    alone.write_text(case.read_text(encoding="utf-8"), encoding="utf-8")
    change(alone, lambda fields: fields.update(run={"workers": 1}, store=".yule-alone"))

    found = run(alone)

    assert found["tasks"]["reused"] == 0
    assert found["data"] == printed["data"]
    assert prediction_bytes(found) == prediction_bytes(printed)
