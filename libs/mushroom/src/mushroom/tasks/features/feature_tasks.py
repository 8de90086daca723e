"""From a configuration's features to their tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gokart_store import StoredTask

from mushroom.features import parse_features
from mushroom.source import Source
from mushroom.tasks.features.methods import EntityAttributes, EventWindows, FeatureTask, Related

__all__ = ["feature_tasks"]

_TASKS: dict[str, Callable[..., FeatureTask]] = {
    task.method.name: task for task in (EventWindows, EntityAttributes, Related)
}


def feature_tasks(
    entities: StoredTask[Any], features: Sequence[Mapping[str, Any]], source: Source
) -> tuple[FeatureTask, ...]:
    """One task per feature, in the order of the configuration; they store where `entities` does.

    Args:
        entities: A task whose result is a sharded dataset of entity rows.
        features: Entries such as ``{"name": "purchases", "method": "event_windows", "table":
            "transactions", "windows": ["30d", "90d"]}``.
        source: The data to read.

    Raises:
        FeatureError: If an entry is malformed; the path says where.
    """
    return tuple(
        _TASKS[feature.method.name](
            entities=entities,
            name=feature.name,
            options=feature.options.model_dump(mode="json", exclude_defaults=True),
            workspace_directory=entities.workspace_directory,
            **source.arguments(),
        )
        for feature in parse_features(features)
    )
