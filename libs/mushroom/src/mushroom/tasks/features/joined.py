"""The base of the tasks that put datasets of the same entities side by side, shard by shard."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, write_shards

from mushroom.features import FeatureError
from mushroom.features.facts import FACTS
from mushroom.features.rows import KEYS, is_aligned

__all__ = ["JoinedTask", "join_columns"]

_NO_FEATURES = frozenset((*KEYS, *FACTS))


class JoinedTask(StoredTask[ShardedDataset]):
    """The columns of several datasets of the same entities; one shard of each is held at a time."""

    format = DatasetFormat()

    def run(self) -> None:
        """Join shard after shard."""
        with self.writing() as folder:
            write_shards(folder, self._shards())

    @abstractmethod
    def _joined(self) -> tuple[StoredTask[Any], Sequence[StoredTask[Any]]]:
        """The task whose rows all have, and those whose columns are joined, in their order.

        Raises:
            FeatureError: If one of them has no columns for such a table.
        """

    def _columns(self, task: StoredTask[Any], rows: pa.Table) -> pa.Table:
        """What is joined of the rows of one of them: all of it."""
        del task
        return rows

    def _shards(self) -> Iterator[pa.Table]:
        first, tasks = self._joined()
        entities: ShardedDataset = first.result()
        parts: list[ShardedDataset] = [task.result() for task in tasks]
        for part, task in zip(parts, tasks, strict=True):
            if part.num_shards != entities.num_shards:
                raise FeatureError(
                    f"{type(task).__name__} has {part.num_shards} shards and the entities have "
                    f"{entities.num_shards}; all parts must describe the same entities."
                )
        for shard in range(entities.num_shards):
            rows = entities.shard(shard, [*KEYS])
            found = (part.shard(shard) for part in parts)
            yield join_columns(rows, [*map(self._columns, tasks, found)])


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
