"""Joins the columns of features that describe the same entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gokart_store import Resources, StoredTask, UpstreamListParameter, UpstreamParameter

from mushroom.features import FeatureError
from mushroom.tasks.features.joined import JoinedTask

__all__ = ["FeatureTable"]


class FeatureTable(JoinedTask):
    """The columns of several features side by side, row-aligned with their entities.

    Features that hold sequences have no columns to join: each is a dataset of its own.
    """

    VERSION = 1

    entities = UpstreamParameter()
    parts = UpstreamListParameter()

    def required_resources(self) -> Resources:
        """The memory of one shard."""
        return Resources(cpu=1, memory_gib=1)

    def _joined(self) -> tuple[StoredTask[Any], Sequence[StoredTask[Any]]]:
        for task in self.parts:
            if getattr(task, "holds_sequences", False):
                raise FeatureError(
                    f"The feature {task.name!r} holds sequences, which are no columns of a table; "
                    "leave it out of the parts, and give it to a model that reads sequences."
                )
        return self.entities, self.parts
