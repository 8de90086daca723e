"""How models were combined, in words."""

from __future__ import annotations

from collections.abc import Iterator

from yule_cli.summary.amounts import format_amount, format_count
from yule_cli.summary.scores import IntervalFacts, TargetScores

__all__ = ["combination_remarks", "cross_fit_warning", "interval_remark"]

_METHODS = {
    "greedy": "greedy selection",
    "mean": "the plain mean",
    "rank_mean": "the mean of ranks",
    "stacking": "regularised stacking",
}
_CALIBRATIONS = {"isotonic": "isotonic calibration", "temperature": "a calibrated temperature"}


def combination_remarks(target: TargetScores) -> Iterator[str]:
    """Say how the ensemble was formed if not as ever, who was left out, what intervals hold."""
    found = target.combination
    if found is None:
        return
    calibration = _CALIBRATIONS.get(found.calibration)
    if found.method != "greedy" or calibration is not None:
        yield f"Ensemble: {_METHODS[found.method]}{f', with {calibration}' if calibration else ''}."
    for name, reason in found.dropped.items():
        yield f"Left out: {name}; {reason}."
    if found.interval is not None:
        yield interval_remark(found.interval)


def interval_remark(interval: IntervalFacts) -> str:
    """Say how many outcomes the intervals held, and how wide they are."""
    told = (
        f"Intervals of {interval.level:.0%} held {interval.coverage:.1%} of the outcomes of folds "
        "that they were not learned from; they are "
        f"{format_amount(interval.mean_width)} wide in the mean."
    )
    if interval.rows >= interval.least_rows:
        return told
    return (
        f"{told} Expect less of others: it takes {interval.least_rows:,} rows to learn intervals "
        f"of {interval.level:.0%}, and there are {interval.rows:,}."
    )


def cross_fit_warning(target: TargetScores) -> str | None:
    """Warn where the ensemble was judged on the rows that it was learned from."""
    if target.ensemble is None or target.is_cross_fitted:
        return None
    rows = sum(int(fold.get("rows", 0)) for fold in target.ensemble.folds)
    return (
        "The ensemble's weights were learned on the rows it is judged on"
        + (f" ({format_count(rows, 'row')})" if rows else "")
        + ": expect less of it."
    )
