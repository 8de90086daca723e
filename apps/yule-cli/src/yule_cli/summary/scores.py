"""How good the models are, read from the ensemble's `metrics.json`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from yule_cli.summary.metric_names import look_of, main_metric

__all__ = ["ENSEMBLE", "Combination", "IntervalFacts", "Scores", "TargetScores", "target_scores"]

ENSEMBLE = "ensemble"
"""Name under which the ensemble is shown among the models."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Out-of-fold metrics of one model, or of the ensemble.

    Attributes:
        name: The model's name.
        folds: For each fold its number, `rows` and metrics; a metric that is not defined is None.
        mean: Mean of each metric over folds.
        std: Standard deviation of each metric over folds (n - 1); None for a single fold.
        is_candidate: Whether the ensemble may use it; False for baselines.
    """

    name: str
    folds: tuple[Mapping[str, Any], ...]
    mean: Mapping[str, float | None]
    std: Mapping[str, float | None]
    is_candidate: bool = True


@dataclass(frozen=True, kw_only=True)
class IntervalFacts:
    """How honest the intervals of predicted numbers are.

    Attributes:
        level: Share of outcomes that they should hold.
        coverage: Share that they held, of folds that they were not learned from.
        mean_width: How wide they are in the mean.
        rows: Rows that they were learned from.
        least_rows: How many it takes to hold the level.
    """

    level: float
    coverage: float
    mean_width: float
    rows: int
    least_rows: int


@dataclass(frozen=True, kw_only=True)
class Combination:
    """How models were combined.

    Attributes:
        method: greedy, mean, rank_mean or stacking.
        calibration: none, isotonic or temperature.
        dropped: Candidates without a weight, each with the reason.
        interval: Of a regression, how honest its intervals are; else None.
    """

    method: str
    calibration: str
    dropped: Mapping[str, str] = field(default_factory=dict)
    interval: IntervalFacts | None = None


@dataclass(frozen=True, kw_only=True)
class TargetScores:
    """All models on one target.

    Attributes:
        name: The target.
        kind: Its kind.
        models: The best first, by `main_metric`.
        ensemble: The weighted ensemble, or None where there is none.
        weights: Deployed weight of each candidate model; they sum to 1.
        is_cross_fitted: Whether the ensemble's metrics come from weights learned on other folds.
        main_metric: What models are sorted by, or None where nothing was measured.
        combination: How the ensemble was formed, or None where there is none.
        fold_repeats: How often rows were cut into folds anew.
    """

    name: str
    kind: Literal["binary", "multiclass", "regression"]
    models: tuple[Scores, ...]
    ensemble: Scores | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    is_cross_fitted: bool = True
    main_metric: str | None = None
    combination: Combination | None = None
    fold_repeats: int = 1

    @property
    def folds(self) -> str:
        """The folds that spreads are over, in words; empty where there is a single one."""
        count = max((len(scores.folds) for scores in self.rows), default=0)
        if count < 2:
            return ""
        each = count // self.fold_repeats
        repeats = f" ({each} dealt {self.fold_repeats} times)" if self.fold_repeats > 1 else ""
        return f"{count} folds{repeats}"

    @property
    def rows(self) -> tuple[Scores, ...]:
        """The ensemble, then the models."""
        return self.models if self.ensemble is None else (self.ensemble, *self.models)


def target_scores(
    metrics: Mapping[str, Any], order: Sequence[str] | None = None
) -> tuple[TargetScores, ...]:
    """Return the scores of each target.

    Args:
        metrics: The document: `targets`, by name, each with `kind`, `models` and `ensemble`.
        order: The names of all targets, as they are to be shown; None for the order of `metrics`.
    """
    targets = metrics["targets"]
    return tuple(_target(name, targets[name]) for name in order or targets)


def _target(name: str, found: Mapping[str, Any]) -> TargetScores:
    models = [_scores(model, scores) for model, scores in found["models"].items()]
    combined = found.get("ensemble")
    ensemble = _scores(ENSEMBLE, combined) if combined else None
    shown = [ensemble, *models] if ensemble else models
    main = main_metric({metric for scores in shown for metric in scores.mean})
    return TargetScores(
        name=name,
        kind=found["kind"],
        models=tuple(sorted(models, key=lambda scores: _rank(scores, main))),
        ensemble=ensemble,
        weights=dict(combined.get("weights", {})) if combined else {},
        is_cross_fitted=bool(combined.get("cross_fitted", True)) if combined else True,
        main_metric=main,
        combination=_combination(combined) if combined else None,
        fold_repeats=found.get("fold_repeats", 1),
    )


def _combination(found: Mapping[str, Any]) -> Combination:
    interval = found["interval"]
    return Combination(
        method=found["method"],
        calibration=found["calibration"],
        dropped=dict(found["dropped"]),
        interval=None
        if interval is None
        else IntervalFacts(
            level=interval["level"],
            coverage=interval["coverage"],
            mean_width=interval["mean_width"],
            rows=interval["rows"],
            least_rows=interval["least_rows"],
        ),
    )


def _scores(name: str, found: Mapping[str, Any]) -> Scores:
    return Scores(
        name=name,
        folds=tuple(_finite(fold) for fold in found["folds"]),
        mean=_finite(found["mean"]),
        std=_finite(found["std"]),
        is_candidate=bool(found.get("candidate", True)),
    )


def _finite(values: Mapping[str, Any]) -> dict[str, Any]:
    """Replace what JSON cannot hold by None."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in values.items()
    }


def _rank(scores: Scores, metric: str | None) -> tuple[bool, float, str]:
    value = scores.mean.get(metric) if metric else None
    if metric is None or value is None:
        return True, 0.0, scores.name
    return False, -value if look_of(metric).is_higher_better else value, scores.name
