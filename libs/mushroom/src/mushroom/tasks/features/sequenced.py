"""Joins the lists of sequences to the table of the other features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
from gokart_store import Resources, StoredTask, UpstreamListParameter, UpstreamParameter

from mushroom.features.rows import KEYS
from mushroom.tasks.features.joined import JoinedTask

__all__ = ["SequencedTable"]


class SequencedTable(JoinedTask):
    """The columns of a `FeatureTable`, and beside them the lists of sequences, row by row.

    It is for models that read sequences; others take the table alone.

    Args:
        table: The `FeatureTable`.
        sequences: Features of the same entities that hold sequences.
    """

    VERSION = 1

    table = UpstreamParameter()
    sequences = UpstreamListParameter()

    def required_resources(self) -> Resources:
        """The memory of one shard, with its events."""
        return Resources(cpu=1, memory_gib=1.5)

    def _joined(self) -> tuple[StoredTask[Any], Sequence[StoredTask[Any]]]:
        return self.table, (self.table, *self.sequences)

    def _columns(self, task: StoredTask[Any], rows: pa.Table) -> pa.Table:
        """Of sequences, leave out what is one number a row.

        Models that read no lists must know the same columns.
        """
        if task is self.table:
            return rows
        lists = [field.name for field in rows.schema if pa.types.is_list(field.type)]
        return rows.select([*KEYS, *lists])
