"""How much a task reads and makes, as the warehouse tells before the task is run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import pyarrow as pa
from gokart_store import StoredTask
from sqlglot import exp

from mushroom.entities import KEYS
from mushroom.features.facts import FACTS
from mushroom.query import PhysicalTable, Query
from mushroom.tasks.base import WarehouseTask
from mushroom.tasks.features.aligned import AlignedTask

__all__ = ["count_rows", "count_table_rows", "feature_width", "tables_read"]


def count_rows(task: WarehouseTask[Any]) -> int:
    """Count the rows of a task's one query, as those of a `Population`; the answer is a number."""
    (query,) = task.queries().values()
    counted = cast("exp.Query", query.tree).subquery("counted")
    tree = exp.select("COUNT(*) AS n").from_(counted)
    with task.reading() as warehouse:
        return _number(
            warehouse.run(Query(tree=tree, parameters=query.parameters, relations=query.relations))
        )


def count_table_rows(task: WarehouseTask[Any]) -> dict[str, int]:
    """Count the rows of each table that a task reads."""
    tree = exp.select("COUNT(*) AS n").from_(exp.to_table("counted"))
    with task.reading() as warehouse:
        return {
            name: _number(
                warehouse.run(Query(tree=tree, relations={"counted": PhysicalTable(name=name)}))
            )
            for name in tables_read(task)
        }


def tables_read(task: WarehouseTask[Any]) -> list[str]:
    """Return the warehouse's tables that a task reads, sorted."""
    return sorted({table for query in task.queries().values() for table in query.tables})


def feature_width(tasks: Iterable[StoredTask[Any]]) -> int:
    """Return how many columns features have by their queries, those of each name once.

    Args:
        tasks: Feature tasks, of any entities; what others are among them, and sequences, have none.
    """
    widths = {
        task.name: _width(query)
        for task in tasks
        if isinstance(task, AlignedTask) and not task.holds_sequences
        for query in task.queries().values()
    }
    return sum(widths.values())


def _width(query: Query) -> int:
    return len({*cast("exp.Query", query.tree).named_selects} - {*KEYS, *FACTS})


def _number(answer: pa.Table) -> int:
    return int(answer["n"][0].as_py())
