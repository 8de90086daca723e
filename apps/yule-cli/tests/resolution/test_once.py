"""Data that come while a driver's pods follow each other."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from yule_cli.config import load_case
from yule_cli.preparation import prepare
from yule_cli.resolution import ResolvedCase
from yule_cli.resolution.once import ResolveOnce
from yule_cli.state import State


def resolved(path: Path, job: str) -> ResolvedCase:
    case, document = load_case(path)
    store = State.of(case, document).store
    once = ResolveOnce(store=store, key=f"side/pods/{job}/resolved.json")
    return prepare(case, document, resolving=once).resolved


def grow(path: Path) -> None:
    """Let a table have one more row."""
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table.slice(0, 1)]), path)


def test_a_pod_that_replaces_another_goes_on_with_its_data(case: Path) -> None:
    first = resolved(case, "driver-g1/7")
    grow(next((case.parent / "data").rglob("orders*.parquet")))

    assert resolved(case, "driver-g1/7") == first
    assert resolved(case, "driver-g2/8").source["snapshot"] != first.source["snapshot"]
