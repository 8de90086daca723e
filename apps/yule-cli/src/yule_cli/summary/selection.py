"""Which features no model was given, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["RemovedFeature", "removed_features", "removed_rows", "selection_remarks"]

_SPOKEN = 5
_STEPS = {
    "include": "not among those to include",
    "exclude": "excluded by name",
    "missing": "mostly missing",
    "same": "nearly constant",
    "correlated": "told by another feature",
    "null_importance": "no better than on shuffled labels",
    "importance": "of little importance",
}


@dataclass(frozen=True, kw_only=True)
class RemovedFeature:
    """A feature that a step of selection removed.

    Attributes:
        feature: The column.
        step: The step, as in the case file.
        folds: The folds that removed it.
        reason: Why, in the first of these folds.
    """

    feature: str
    step: str
    folds: tuple[int, ...]
    reason: str


def removed_features(selections: Sequence[Mapping[str, Any]]) -> tuple[RemovedFeature, ...]:
    """Bring together what each fold removed, step by step, features by name.

    Args:
        selections: For each fold the JSON of a `yule_models.selection.Selection`.
    """
    found: dict[tuple[int, str, str], dict[int, str]] = {}
    for fold, selection in enumerate(selections):
        for place, step in enumerate(selection["removed"]):
            for feature, reason in step["features"].items():
                found.setdefault((place, step["step"], feature), {})[fold] = reason
    return tuple(
        RemovedFeature(
            feature=feature, step=step, folds=tuple(reasons), reason=next(iter(reasons.values()))
        )
        for (_, step, feature), reasons in sorted(found.items(), key=lambda item: item[0])
    )


def selection_remarks(removed: Sequence[RemovedFeature]) -> Iterator[tuple[str, str]]:
    """Say in a line for each step what it removed in any fold."""
    by_step: dict[str, list[str]] = {}
    for entry in removed:
        by_step.setdefault(entry.step, []).append(entry.feature)
    for step, features in by_step.items():
        named = ", ".join(features[:_SPOKEN])
        more = f" and {len(features) - _SPOKEN} more" if len(features) > _SPOKEN else ""
        yield step, f"{len(features)} {_STEPS.get(step, step)}: {named}{more}"


def removed_rows(removed: Sequence[RemovedFeature]) -> list[tuple[str, str, str, str]]:
    """Return the features as rows of a table: feature, step, folds, and why."""
    return [
        (entry.feature, entry.step, ", ".join(map(str, entry.folds)), entry.reason)
        for entry in removed
    ]
