"""Joins the columns of features that describe the same entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa
from gokart_store import (
    DatasetFormat,
    Resources,
    ShardedDataset,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
    write_shards,
)

from mushroom.features import FeatureError
from mushroom.features.facts import FACTS
from mushroom.features.rows import KEYS, is_aligned

__all__ = ["FeatureTable", "join_columns"]

_NO_FEATURES = frozenset((*KEYS, *FACTS))


class FeatureTable(StoredTask[ShardedDataset]):
    """The columns of several features side by side, row-aligned with their entities.

    Features that hold sequences have no columns to join: each is a dataset of its own.
    """

    VERSION = 1
    format = DatasetFormat()

    entities = UpstreamParameter()
    parts = UpstreamListParameter()

    def required_resources(self) -> Resources:
        """The memory of one shard."""
        return Resources(cpu=1, memory_gib=1)

    def run(self) -> None:
        """Join shard after shard."""
        with self.writing() as folder:
            write_shards(folder, self._shards())

    def _shards(self) -> Iterator[pa.Table]:
        entities: ShardedDataset = self.entities.result()
        parts: tuple[ShardedDataset, ...] = tuple(part.result() for part in self.parts)
        for part, task in zip(parts, self.parts, strict=True):
            if getattr(task, "holds_sequences", False):
                raise FeatureError(
                    f"The feature {task.name!r} holds sequences, which are no columns of a table; "
                    "leave it out of the parts, and give it to a model that reads sequences."
                )
            if part.num_shards != entities.num_shards:
                raise FeatureError(
                    f"{type(task).__name__} has {part.num_shards} shards and the entities have "
                    f"{entities.num_shards}; all parts must describe the same entities."
                )
        for shard in range(entities.num_shards):
            rows = entities.shard(shard, [*KEYS])
            yield join_columns(rows, [part.shard(shard) for part in parts])


def join_columns(entities: pa.Table, parts: Sequence[pa.Table]) -> pa.Table:
    """The entities' keys and all feature columns of the parts.

    Args:
        entities: Rows with ``entity_id`` and ``as_of``.
        parts: Tables with the same keys in the same rows, facts of them, and feature columns.

    Raises:
        FeatureError: If a part describes other rows, or two parts have a column of one name.
    """
    features = [[name for name in part.column_names if name not in _NO_FEATURES] for part in parts]
    names = Counter(name for part in features for name in part)
    if repeated := [name for name, times in names.items() if times > 1]:
        raise FeatureError(
            f"The column {repeated[0]!r} comes from {names[repeated[0]]} features; give each "
            "feature a name of its own."
        )
    for position, part in enumerate(parts):
        if not is_aligned(part, entities):
            raise FeatureError(
                f"The rows of part {position} are not those of the entities, row by row; all parts "
                "must describe the same entities."
            )
    columns = {name: part[name] for part, own in zip(parts, features, strict=True) for name in own}
    return pa.table({**{key: entities[key] for key in KEYS}, **columns})
