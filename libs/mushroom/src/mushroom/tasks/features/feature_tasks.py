"""From a configuration's features to their tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gokart_store import StoredTask

from mushroom.features import Feature, FeatureError, parse_features
from mushroom.source import Source
from mushroom.tasks.features.aligned import AlignedTask
from mushroom.tasks.features.fit import (
    FitEventSequences,
    FitFeature,
    FitItemEmbeddings,
    FitTextEmbeddings,
    FitTopCategories,
)
from mushroom.tasks.features.learned import (
    ApplyFeature,
    EventSequences,
    ItemEmbeddings,
    TextEmbeddings,
    TopCategories,
)
from mushroom.tasks.features.methods import EntityAttributes, EventWindows, FeatureTask, Related

__all__ = ["feature_tasks"]

_TASKS: dict[str, Callable[..., FeatureTask]] = {
    task.method.name: task for task in (EventWindows, EntityAttributes, Related)
}
_PAIRS: dict[str, tuple[Callable[..., FitFeature], Callable[..., ApplyFeature]]] = {
    apply.method.name: (fit, apply)
    for fit, apply in (
        (FitTopCategories, TopCategories),
        (FitItemEmbeddings, ItemEmbeddings),
        (FitTextEmbeddings, TextEmbeddings),
        (FitEventSequences, EventSequences),
    )
}


def feature_tasks(
    entities: StoredTask[Any],
    features: Sequence[Mapping[str, Any]],
    source: Source,
    *,
    fit_until: str | None = None,
    among: StoredTask[Any] | None = None,
) -> tuple[AlignedTask, ...]:
    """One task per feature, in the order of the configuration; they store where `entities` does.

    Args:
        entities: A task whose result is a sharded dataset of entity rows.
        features: Entries such as ``{"name": "purchases", "method": "event_windows", "table":
            "transactions", "windows": ["30d", "90d"]}``.
        source: The data to read.
        fit_until: The time until which features that learn may learn; an ISO date or time.
        among: A task with a sharded dataset of `entity_id`, whose entities they learn from; None:
            from all.

    Raises:
        FeatureError: If `entities` or `source` is something else, an entry is malformed, or learns
            and there is no `fit_until`; the path says where.
    """
    if not isinstance(entities, StoredTask):
        raise FeatureError(f"`entities` is a task with entity rows, got {entities!r}.")
    if not isinstance(source, Source):
        raise FeatureError(f"`source` is what `Source.of` returns, got {source!r}.")
    place = {"workspace_directory": entities.workspace_directory, **source.arguments()}
    tasks: list[AlignedTask] = []
    for position, feature in enumerate(parse_features(features)):
        options = feature.options.model_dump(mode="json", exclude_defaults=True)
        described = {"entities": entities, "name": feature.name, "options": options, **place}
        if feature.method.name in _TASKS:
            tasks.append(_TASKS[feature.method.name](**described))
            continue
        if fit_until is None:
            raise _without_fit_until(feature).under("features", position)
        fit, apply = _PAIRS[feature.method.name]
        fitted_on = (among,) if among is not None else ()
        fitted = fit(options=options, fit_until=fit_until, among=fitted_on, **place)
        tasks.append(apply(fit=fitted, **described))
    return tuple(tasks)


def _without_fit_until(feature: Feature) -> FeatureError:
    return FeatureError(
        f"The feature {feature.name!r} learns from data before it describes anybody; say until "
        "when it may, as `fit_until`.",
        path=("method",),
    )
