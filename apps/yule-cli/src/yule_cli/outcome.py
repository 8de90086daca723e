"""What the tasks of a run have to tell, summed up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gokart_store import TaskRecord
from yule_models import TrainSearchedFold
from yule_models.tasks.explain_fold import EXPLANATION_FILE
from yule_models.tasks.train_searched_fold import SEARCH_FILE
from yule_runner import RunFailed, collect

from yule_cli.graph import CaseGraph
from yule_cli.resolution import ResolvedCase, columns_known_later
from yule_cli.state import RunFolder
from yule_cli.summary import (
    Drift,
    ModelLearning,
    ModelSearch,
    Reused,
    RowFacts,
    RunPaths,
    RunSummary,
    TargetExplanation,
    TargetLeaks,
    removed_features,
    stage_costs,
    target_scores,
)

__all__ = ["summed_up"]


def summed_up(
    resolved: ResolvedCase,
    graph: CaseGraph,
    run: RunFolder,
    records: list[TaskRecord],
    failure: RunFailed | None,
) -> RunSummary:
    """Return the summary of a run whose tasks are done, or have failed; nothing is published yet.

    Args:
        resolved: The case.
        graph: Its tasks.
        run: Where the run keeps what it writes.
        records: Of the tasks that were computed.
        failure: What ended them, or None.
    """
    computed = {record.task_id for record in records}
    summary = RunSummary(
        run_id=run.run_id,
        case=resolved.case,
        status="failed" if failure else "succeeded",
        error=str(failure).splitlines()[0] if failure else None,
        started_at=run.started_at,
        seconds=0.0,
        resolved_digest=resolved.digest,
        paths=RunPaths(run=run.path, resolved=run.resolved, tensorboard=run.tensorboard),
        stages=stage_costs(records, _reused(graph, computed)),
    )
    if failure:
        return summary
    metrics = graph.ensemble.result().json("metrics.json")
    leaks = graph.leaks.result()["targets"]
    explained = graph.explanation and graph.explanation.result().json(EXPLANATION_FILE)["targets"]
    data = {name: RowFacts.of(task.result()) for name, task in graph.descriptions.items()}
    return replace(
        summary,
        targets=target_scores(metrics, [target["name"] for target in resolved.predicted_targets]),
        data=data,
        drift=Drift.of(graph.drift.result()),
        learning=tuple(_learning(graph)),
        searches=tuple(_searches(graph)),
        removed=removed_features([task.result() for task in graph.selections]),
        explanation={
            name: TargetExplanation.of(found) for name, found in (explained or {}).items()
        },
        leaks={name: TargetLeaks.of(found) for name, found in leaks.items()},
        late_columns=columns_known_later(resolved),
    )


def _learning(graph: CaseGraph) -> Iterable[ModelLearning]:
    """Yield what each model learned from, on its last fold."""
    last = max(fold for _, fold in graph.fits)
    for (_, fold), task in graph.fits.items():
        if fold == last:
            yield ModelLearning.of(task.result().json("summary.json"))


def _searches(graph: CaseGraph) -> Iterable[ModelSearch]:
    """Yield what each searched model tried and chose, fold by fold."""
    found: dict[str, dict[int, Any]] = {}
    for (name, fold), task in graph.fits.items():
        if isinstance(task, TrainSearchedFold):
            found.setdefault(name, {})[fold] = task.result().json(SEARCH_FILE)
    return [ModelSearch.of(name, by_fold) for name, by_fold in found.items()]


def _reused(graph: CaseGraph, computed: set[str]) -> Iterable[Reused]:
    for unique_id, task in collect(graph.targets).tasks.items():
        if unique_id not in computed and task.complete():
            record = task.entry.read_record() or {}
            yield Reused(name=type(task).__qualname__, seconds=record.get("seconds"))
