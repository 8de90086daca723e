"""Whether the ensemble is worth its models: what baselines tell as well as it does, or better."""

from __future__ import annotations

from collections.abc import Iterator

from yule_cli.summary.metric_names import MetricLook, look_of
from yule_cli.summary.scores import Scores, TargetScores

__all__ = ["baseline_warnings"]

_CONSTANT = "constant"


def baseline_warnings(target: TargetScores) -> Iterator[str]:
    """Warn where a baseline is better than what scores everybody, in sentences.

    The constant need only be as good. Another one must be better in every fold: a smaller lead may
    be chance.
    """
    ensemble, metric = target.ensemble, target.main_metric
    if ensemble is None or metric is None:
        return
    look = look_of(metric)
    for baseline in target.models:
        ours, theirs = ensemble.mean.get(metric), baseline.mean.get(metric)
        if baseline.is_candidate or ours is None or theirs is None:
            continue
        figures = f"{look.label} {look.format(theirs)}, and {look.format(ours)} of the ensemble"
        if baseline.name == _CONSTANT:
            if not _is_better(ours, theirs, look):
                yield (
                    "The ensemble is no better than the baseline constant, which tells the same of "
                    f"everybody ({figures}): do not rely on the scores."
                )
        elif _leads_everywhere(baseline, ensemble, metric, look):
            yield (
                f"The baseline {baseline.name} is better in every fold ({figures}). Name it under "
                "`models`, and the ensemble may use it."
            )


def _leads_everywhere(one: Scores, other: Scores, metric: str, look: MetricLook) -> bool:
    pairs = [
        (mine.get(metric), theirs.get(metric))
        for mine, theirs in zip(one.folds, other.folds, strict=True)
    ]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return bool(known) and all(_is_better(a, b, look) for a, b in known)


def _is_better(one: float, other: float, look: MetricLook) -> bool:
    return one > other if look.is_higher_better else one < other
