"""How much there is to do: rows, columns, whom to score, and what the warehouse has to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from gokart_store import StoredTask
from mushroom import (
    WarehouseTask,
    count_rows,
    count_table_rows,
    feature_width,
    tables_read,
)

from yule_cli.graph import CaseGraph

__all__ = ["CaseSizes"]


@dataclass(frozen=True, kw_only=True)
class CaseSizes:
    """The sizes that a forecast goes by.

    Attributes:
        rows: Labelled rows.
        columns: Feature columns, those of sequences left out.
        scored: Rows to score.
        table_rows: Rows of each table of the warehouse that features read.
    """

    rows: int
    columns: int
    scored: int
    table_rows: dict[str, int]

    @classmethod
    def of(cls, graph: CaseGraph, *, rows: int) -> Self:
        """Count what the warehouse has; its answers are single numbers.

        Args:
            graph: The tasks of the case.
            rows: Labelled rows.
        """
        table_rows: dict[str, int] = {}
        for task in graph.features:
            if isinstance(task, WarehouseTask) and {*tables_read(task)} - {*table_rows}:
                table_rows |= count_table_rows(task)
        return cls(
            rows=rows,
            columns=max(feature_width(graph.features), 1),
            scored=count_rows(graph.population),
            table_rows=table_rows,
        )

    def read_by(self, task: StoredTask[Any]) -> int:
        """Return how many rows of the warehouse a task reads."""
        if not isinstance(task, WarehouseTask):
            return 0
        return sum(self.table_rows.get(name, 0) for name in tables_read(task))
