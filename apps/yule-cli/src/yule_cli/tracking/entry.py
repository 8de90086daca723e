"""A run as MLflow sees it, built as a value: parameters, metrics, tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yule_cli.summary import RunSummary, TargetScores
from yule_cli.summary.leaks import leak_warnings
from yule_cli.summary.settings import settings_of
from yule_cli.summary.work import work_sentence

__all__ = ["RUN_TAG", "Metric", "metrics_of", "parameters_of", "tags_of"]

RUN_TAG = "yule.run_id"
"""The tag by which a run is found again."""

_MAX_NAME = 250
_MAX_TAG = 5000
_MAX_PARAMETERS = 1000
_FORBIDDEN = re.compile(r"[^\w\-. :/]", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One value of one metric.

    Attributes:
        name: `<target>/<model>/<metric>` for the mean, with `_std` for the deviation, and
            `<target>/<model>/folds/<metric>` for the folds.
        value: Finite.
        step: The fold, or 0.
    """

    name: str
    value: float
    step: int = 0


def parameters_of(resolved: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings of the resolved case, under names that MLflow allows."""
    found: dict[str, str] = {}
    for name, value in settings_of(resolved).items():
        found.setdefault(_FORBIDDEN.sub("_", name)[:_MAX_NAME], value)
    return dict(list(found.items())[:_MAX_PARAMETERS])


def metrics_of(summary: RunSummary) -> list[Metric]:
    """Return all that was measured; what is not defined is left out."""
    work = {
        "seconds": summary.seconds,
        "tasks/computed": summary.computed,
        "tasks/reused": summary.reused,
    }
    for cost in summary.stages:
        work[f"stages/{cost.stage}/seconds"] = cost.seconds
        work[f"stages/{cost.stage}/saved_seconds"] = cost.saved_seconds
    found = [Metric(name=name, value=float(value)) for name, value in work.items()]
    for target in summary.targets:
        found.extend(_of_target(target))
    for name, contacts in summary.contacts.items():
        if (plan := contacts.plan) is not None:
            told = {"rows": plan.rows, "expected": plan.expected, "profit": plan.profit}
            found += [Metric(name=f"{name}/contacts/{k}", value=float(v)) for k, v in told.items()]
    if summary.drift is not None:
        found.append(Metric(name="drift/features", value=float(len(summary.drift.drifted))))
        if summary.drift.auc is not None:
            found.append(Metric(name="drift/auc", value=summary.drift.auc))
    for name, explanation in summary.explanation.items():
        for feature, rise in explanation.ensemble.permutation.items():
            said = _FORBIDDEN.sub("_", f"{name}/ensemble/permutation/{feature}")
            found.append(Metric(name=said[:_MAX_NAME], value=rise))
    for name, leaks in summary.leaks.items():
        found.append(Metric(name=f"{name}/leaks/suspects", value=float(len(leaks.suspects))))
        if leaks.lead is not None:
            found.append(Metric(name=f"{name}/leaks/lead", value=leaks.lead))
    return found


def tags_of(summary: RunSummary, resolved: Mapping[str, Any]) -> dict[str, str]:
    """Return what a run is found by, and a note that MLflow shows above it."""
    commit = resolved.get("code", {}).get("commit")
    warnings = [text for _, text in leak_warnings(summary.leaks, summary.late_columns)]
    note = [summary.error, *(f"**Suspected leak:** {text}" for text in warnings)]
    tags = {
        RUN_TAG: summary.run_id,
        "yule.case": summary.case,
        "yule.resolved_digest": summary.resolved_digest,
        "yule.model_version": summary.model_version,
        "yule.commit": commit,
        "mlflow.source.name": "yule run",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": commit and commit.removesuffix("-dirty"),
        "mlflow.note.content": "\n\n".join(filter(None, [*note, work_sentence(summary)])),
        "yule.leak_suspects": ", ".join(summary.leak_suspects)[:_MAX_TAG],
    }
    return {name: value for name, value in tags.items() if value}


def _of_target(target: TargetScores) -> Iterator[Metric]:
    if target.combination is not None and (interval := target.combination.interval):
        prefix = f"{target.name}/ensemble/interval"
        yield Metric(name=f"{prefix}_coverage", value=interval.coverage)
        yield Metric(name=f"{prefix}_width", value=interval.mean_width)
    for scores in target.rows:
        prefix = f"{target.name}/{scores.name}"
        for suffix, values in (("", scores.mean), ("_std", scores.std)):
            for name, value in values.items():
                if value is not None:
                    yield Metric(name=f"{prefix}/{name}{suffix}", value=value)
        for fold in scores.folds:
            for name, value in fold.items():
                if name != "fold" and value is not None:
                    yield Metric(name=f"{prefix}/folds/{name}", value=value, step=fold["fold"])
