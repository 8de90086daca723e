from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from gokart_store import GokartStoreError, run_task
from mushroom import Download, MethodError
from mushroom.tasks import download


def rows(arguments: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    task = Download(**options, **arguments)
    run_task(task)
    found: list[dict[str, Any]] = task.result().table().to_pylist()
    return found


def test_daily_activity(arguments: dict[str, Any]) -> None:
    found = rows(
        arguments,
        method="daily_activity",
        tables={"events": "orders"},
        parameters={"since": "2024-01-01", "until": "2024-07-01"},
    )
    assert found == [
        {"day": date(2024, 1, 1), "events": 1, "entities": 1},
        {"day": date(2024, 1, 2), "events": 2, "entities": 2},
    ]


def test_entity_activity(arguments: dict[str, Any]) -> None:
    found = rows(
        arguments,
        method="entity_activity",
        tables={"events": "orders"},
        parameters={"until": "2025-01-01", "min_events": 2},
    )
    assert found == [
        {
            "entity_id": 1,
            "events": 2,
            "first_seen": datetime(2024, 1, 1, 9, tzinfo=UTC),
            "last_seen": datetime(2024, 1, 2, 9, tzinfo=UTC),
        }
    ]


def test_a_text_of_ones_own(arguments: dict[str, Any]) -> None:
    text = """
    /*
    summary: What each item brought in.
    parameters:
      items: {type: array<string>}
    */
    SELECT item, SUM(revenue) AS revenue FROM orders
    WHERE item IN UNNEST(@items) GROUP BY item ORDER BY item
    """
    found = rows(arguments, sql=text, parameters={"items": ["a", "z"]})
    assert found == [{"item": "a", "revenue": Decimal("10.26")}]


def test_the_id_leaves_out_measures_that_the_text_does_not_name(arguments: dict[str, Any]) -> None:
    def unique_id(measures: dict[str, Any]) -> str:
        orders = {**arguments["catalog"]["tables"]["orders"], "measures": measures}
        catalog = {**arguments["catalog"], "tables": {"orders": orders}}
        text = "SELECT entity_id, COUNT(*) AS n, SUM(a) AS a FROM orders GROUP BY 1 ORDER BY 1"
        task = Download(sql=text, **{**arguments, "catalog": catalog})
        identity: str = task.make_unique_id()
        return identity

    one = unique_id({"a": "price", "b": "pieces"})
    assert unique_id({"a": "price"}) == one
    assert unique_id({"a": "pieces"}) != one


@pytest.mark.parametrize("options", [{}, {"method": "daily_activity", "sql": "SELECT 1"}])
def test_one_of_method_and_text_is_needed(
    arguments: dict[str, Any], options: dict[str, str]
) -> None:
    with pytest.raises(MethodError, match="needs either the name of a `method` or the text of an"):
        rows(arguments, **options)


def test_one_shard_is_read_without_the_others(
    arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "SHARD_ROWS", 2)
    text = "/*\nsummary: All there is.\n*/\nSELECT entity_id, event_time FROM orders ORDER BY 2, 1"
    task = Download(sql=text, **arguments)
    run_task(task)
    found = task.result()
    everything = found.table()
    assert found.num_shards > 1
    assert found.num_rows == len(everything) == 2 * found.num_shards - len(everything) % 2
    found.shard_path(0).write_bytes(b"damaged")
    assert task.result().shard(1).equals(everything[2:4])
    with pytest.raises(GokartStoreError):
        task.result().shard(0)
