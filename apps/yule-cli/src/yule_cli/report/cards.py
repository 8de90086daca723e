"""The numbers to be seen first, by the kind of the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yule_cli.summary import Scores, TargetScores
from yule_cli.summary.amounts import format_amount, format_value
from yule_cli.summary.metric_names import look_of

__all__ = ["Card", "cards_of"]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One number to be seen first.

    Attributes:
        label: What it is.
        value: The number.
        note: What puts it into proportion.
    """

    label: str
    value: str
    note: str = ""


def cards_of(target: TargetScores) -> Iterator[Card]:
    """Return what to know about a target: how good, how useful, and better than what."""
    best = target.ensemble or (target.models[0] if target.models else None)
    metric = target.main_metric
    if best is None or metric is None:
        return
    look = look_of(metric)
    std = best.std.get(metric)
    yield Card(
        label=look.label,
        value=look.format(best.mean.get(metric)),
        note=""
        if std is None
        else f"± {look.format(std, like=best.mean.get(metric))} over {target.folds}",
    )
    yield from _use_cards(target, best)
    baseline = next((scores for scores in target.models if not scores.is_candidate), None)
    if baseline is not None:
        yield Card(
            label=f"Best baseline: {baseline.name}",
            value=look.format(baseline.mean.get(metric)),
            note=f"{look.label}, for comparison",
        )


def _use_cards(target: TargetScores, best: Scores) -> Iterator[Card]:
    """Return what the predictions are good for, in the terms of the target's kind."""
    match target.kind:
        case "binary":
            if (lift := best.mean.get("lift_at_10pct")) is not None:
                yield Card(
                    label="Lift in the top 10%",
                    value=f"{lift:.1f}×",
                    note="as many positives as in a random tenth",
                )
        case "multiclass":
            if (accuracy := best.mean.get("accuracy")) is not None:
                yield Card(
                    label="Accuracy",
                    value=f"{accuracy:.1%}",
                    note="of rows have the class that is predicted as most probable",
                )
        case "regression":
            if (r2 := best.mean.get("r2")) is not None:
                yield Card(
                    label="R²", value=format_value(r2, 3), note="of the variance is explained"
                )
            if target.combination is not None and (interval := target.combination.interval):
                width = format_amount(interval.mean_width)
                yield Card(
                    label=f"In the {interval.level:.0%} interval",
                    value=f"{interval.coverage:.1%}",
                    note=f"of outcomes; it is {width} wide in the mean",
                )
