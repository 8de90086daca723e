"""Features of many shards are paid for once."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from gokart_store import run_task
from mushroom import EntityRows, Source, feature_tasks, load_catalog

CATALOG = """\
tables:
  orders: {kind: events, table: orders, entity: customer, time: at, categories: {item: item}}
"""
ORDERS = {
    "customer": [1, 1, 2, 7],
    "at": [datetime(2024, 1, day) for day in (1, 2, 3, 4)],
    "item": ["a", "b", "a", "a"],
}
FEATURES = [
    {"name": "f", "method": "event_windows", "table": "orders", "windows": ["all"]},
    {"name": "top", "method": "top_categories", "table": "orders", "windows": ["all"]},
    {"name": "last", "method": "event_sequences", "table": "orders", "length": 3},
]


def rows_in_shards(fill: Any, url: str, tmp_path: Path) -> tuple[Source, EntityRows]:
    asked = {
        "customer": [1, 2, 3, 4, 5, 1],
        "at": [datetime(2024, 1, 2)] + [datetime(2024, 2, 1)] * 5,
    }
    fill(url, {"orders": pa.table(ORDERS), "asked": pa.table(asked)})
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    catalog = load_catalog(tmp_path / "catalog.yaml")
    source = Source.of(url, root=tmp_path, catalog=catalog, tables=["asked"])
    place = {"workspace_directory": str(tmp_path / "store")}
    rows = {"table": "asked", "entity": "customer", "as_of": "at"}
    entities = EntityRows(rows=rows, shards=4, **source.arguments(), **place)
    run_task(entities)
    return source, entities


def test_all_shards_are_described_by_one_query(
    fill: Any, tap: Any, url: str, tmp_path: Path
) -> None:
    source, entities = rows_in_shards(fill, url, tmp_path)
    tasks = feature_tasks(entities, FEATURES, source, fit_until="2024-02-01T00:00:00+00:00")
    for task in tasks[1:]:
        run_task(task.fit)

    for task in tasks:
        before = len(tap.inserts)
        run_task(task)
        assert len(tap.inserts) == before + 1

    for shard in range(4):
        wanted = entities.result().shard(shard, ["entity_id", "as_of"])
        for task in tasks:
            assert task.result().shard(shard, ["entity_id", "as_of"]).equals(wanted)
    counts = tasks[0].result().table(["entity_id", "f.all.count"])
    assert sorted(counts["f.all.count"].to_pylist()) == [0, 0, 0, 1, 2, 2]
    last = tasks[2].result().table(["entity_id", "as_of", "last.length", "last.category.item"])
    lists = {
        (row["entity_id"], row["as_of"].month): row["last.category.item"]
        for row in last.to_pylist()
    }
    # Of the values `a`, which is 2, and `b`, which is 3, oldest first.
    assert lists == {(1, 1): [2, 3], (1, 2): [2, 3], (2, 2): [2], **{(k, 2): [] for k in (3, 4, 5)}}
