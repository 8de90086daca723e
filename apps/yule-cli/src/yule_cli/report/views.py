"""What the report's tables show, built as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yule_cli.summary import RunSummary, Scores, TargetScores
from yule_cli.summary.amounts import format_seconds, format_value
from yule_cli.summary.metric_names import look_of, metrics_by_interest
from yule_cli.summary.scores import ENSEMBLE

__all__ = [
    "CLASS_HEADS",
    "ModelRow",
    "StageRow",
    "class_rows",
    "code_facts",
    "metric_labels",
    "model_rows",
    "stage_rows",
]

CLASS_HEADS = (
    "Class",
    "Rows",
    "Share",
    "AUC",
    "Avg. precision",
    "Lift at 10%",
    "Precision",
    "Recall",
)


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """One model in the table of scores.

    Attributes:
        name: The model.
        role: "ensemble", "candidate" or "baseline".
        cells: Mean and deviation of each metric; the latter is "" where there is none.
        weight: Its weight in the ensemble, or None.
    """

    name: str
    role: str
    cells: tuple[tuple[str, str], ...]
    weight: float | None


@dataclass(frozen=True, kw_only=True)
class StageRow:
    """One stage in the table of work.

    Attributes:
        stage: Its name.
        computed: Number of tasks computed.
        reused: Number of tasks from the cache.
        took: Time of the computed tasks.
        saved: Time that the cache saved, or "".
        peak: Peak memory, or "".
        took_share: Time of the computed tasks, relative to the longest bar.
        saved_share: Time that the cache saved, relative to the longest bar.
    """

    stage: str
    computed: int
    reused: int
    took: str
    saved: str
    peak: str
    took_share: float
    saved_share: float


def class_rows(classes: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Return the rows of the table of classes, under `CLASS_HEADS`."""
    return [
        (
            str(entry["class"]),
            f"{entry['rows']:,}",
            f"{entry['share']:.1%}",
            format_value(entry["auc"], 3),
            format_value(entry["average_precision"], 3),
            format_value(entry["lift_at_10pct"], 2),
            format_value(entry["precision"], 3),
            format_value(entry["recall"], 3),
        )
        for entry in classes
    ]


def metric_labels(target: TargetScores) -> list[str]:
    """Return the heads of the columns of `model_rows`."""
    return [look_of(metric).label for metric in _metrics(target)]


def model_rows(target: TargetScores) -> list[ModelRow]:
    """Return the rows of the table of scores, the ensemble first."""
    return [
        ModelRow(
            name=scores.name,
            role=_role(scores),
            cells=tuple(_cell(scores, metric) for metric in _metrics(target)),
            weight=target.weights.get(scores.name),
        )
        for scores in target.rows
    ]


def stage_rows(summary: RunSummary) -> list[StageRow]:
    """Return the rows of the table of work, in the order in which stages happen."""
    longest = (
        max((cost.seconds + cost.saved_seconds for cost in summary.stages), default=0.0) or 1.0
    )
    return [
        StageRow(
            stage=cost.stage,
            computed=cost.computed,
            reused=cost.reused,
            took=format_seconds(cost.seconds) if cost.computed else "",
            saved=format_seconds(cost.saved_seconds) if cost.saved_seconds else "",
            peak="" if cost.peak_memory_gib is None else f"{cost.peak_memory_gib:.1f} GiB",
            took_share=cost.seconds / longest,
            saved_share=cost.saved_seconds / longest,
        )
        for cost in summary.stages
    ]


def code_facts(resolved: Mapping[str, Any]) -> dict[str, str]:
    """Return the commit and the versions that made the results."""
    code = resolved.get("code", {})
    facts = {"commit": code.get("commit") or "not known", "Python": code.get("python", "")}
    return {name: str(fact) for name, fact in (facts | code.get("packages", {})).items() if fact}


def _metrics(target: TargetScores) -> list[str]:
    return metrics_by_interest({metric for scores in target.rows for metric in scores.mean})


def _cell(scores: Scores, metric: str) -> tuple[str, str]:
    look, mean, std = look_of(metric), scores.mean.get(metric), scores.std.get(metric)
    return look.format(mean), "" if std is None else f"± {look.format(std, like=mean)}"


def _role(scores: Scores) -> str:
    if scores.name == ENSEMBLE:
        return "ensemble"
    return "candidate" if scores.is_candidate else "baseline"
