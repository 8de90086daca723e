"""The course of a run: resolve, compute, publish, report, track."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from gokart_store import TaskRecord, open_store, write_whole
from rich.console import Console
from yule_models import Target, keep_trunk, output_columns
from yule_runner import (
    Event,
    ExecutorError,
    GraphSource,
    RunFailed,
    TaskFinished,
    run_graph,
)

from yule_cli.errors import RunFailedError, TasksFailedError, YuleError
from yule_cli.executors import executor_for
from yule_cli.graph import FACTORY, CaseGraph, factory_arguments, stored_arguments
from yule_cli.handover import fill_table, hand_over
from yule_cli.live_curves import driver_curves
from yule_cli.outcome import summed_up
from yule_cli.preparation import Prepared
from yule_cli.progress import RunProgress
from yule_cli.repetition import EarlierRun
from yule_cli.report import ReportInputs, population_scores, write_report
from yule_cli.resolution import ResolvedCase
from yule_cli.sharing import bring_curves, share_run
from yule_cli.state import RunFolder
from yule_cli.summary import (
    Repetition,
    RunSummary,
    to_json,
)
from yule_cli.tracking import Tracker, TrackingError, link_curves
from yule_cli.writing import full_disk_explained

__all__ = ["run_case"]

_ABANDONED_S = 24 * 3600.0
"""Age after which what a killed writer left belongs to no living one."""


def run_case(
    preparing: Callable[[], Prepared], *, console: Console, tracker: Tracker | None
) -> tuple[RunSummary, YuleError | None]:
    """Run a case to its end.

    A run whose tasks failed is summed up and tracked too, and one that cannot be tracked keeps all
    its results.

    Args:
        preparing: Prepares the case; called once, while progress is drawn.
        console: Where progress is drawn.
        tracker: What writes to MLflow; a case that is not tracked needs none.

    Returns:
        The summary, and what failed in the end, if anything did.

    Raises:
        CaseError: If the case cannot be run; then there is no run.
        StateWriteError: If the disk takes no more.
        RunInterrupted: On Ctrl-C or SIGTERM while tasks run.
    """
    started = time.monotonic()
    with RunProgress(console) as progress:
        prepared = preparing()
        with full_disk_explained(prepared.state.root):
            return _run(prepared, progress, tracker, started)


def _run(
    prepared: Prepared, progress: RunProgress, tracker: Tracker | None, started: float
) -> tuple[RunSummary, YuleError | None]:
    state, resolved, graph = prepared.state, prepared.resolved, prepared.graph
    open_store(state.store).sweep(_ABANDONED_S)
    for trunk in prepared.trunks:
        keep_trunk(state.store, trunk)
    run = state.new_run(resolved.case)
    resolved.write(run.resolved)
    link_curves(
        {key: task.side_folder("curves") for key, task in graph.fits.items()}, run.tensorboard
    )
    records: list[TaskRecord] = []
    failure = _compute(prepared, run, progress, records)
    summary = summed_up(resolved, graph, run, records, failure)
    if (earlier := prepared.repeats) is not None:
        summary = replace(summary, repeats=Repetition(run_id=earlier.run_id))
    if state.bucket:
        summary = replace(
            summary, paths=replace(summary.paths, shared=f"{state.bucket}/runs/{run.run_id}")
        )
    if failure is None:
        bring_curves(graph.fits.values())
        progress.say(
            "Publishing and reporting."
            if prepared.place is None
            else "Publishing, reporting and tracking."
        )
        summary = _compared(hand_over(summary, prepared), prepared.repeats)
    error: YuleError | None = TasksFailedError(str(failure)) if failure else None
    if failure is None:
        try:
            summary = fill_table(summary, prepared)
        except RunFailedError as table_error:
            error = table_error
    summary = replace(summary, seconds=time.monotonic() - started)
    if failure is None:
        summary = _report(summary, resolved, graph, run, prepared.command)
    if summary.repeats is not None and summary.repeats.has_same_predictions is False:
        error = RunFailedError(
            f"The predictions differ from those of {summary.repeats.run_id}, though the resolved "
            "case is the same: look at the differences in code, and at the CPU."
        )
    _write(summary, run)
    if prepared.place is not None and tracker is not None:
        try:
            files = [run.report, run.resolved]
            tracked = tracker.track(
                prepared.place, summary, resolved=resolved.as_dict(), artifacts=files
            )
            summary = replace(summary, mlflow=tracked)
            _write(summary, run)
        except TrackingError as tracking_error:
            error = error or tracking_error
    if state.bucket:
        share_run(run, open_store(state.bucket))
    return summary, error


def _write(summary: RunSummary, run: RunFolder) -> None:
    write_whole(run.summary, json.dumps(to_json(summary), indent=2) + "\n")


def _compute(
    prepared: Prepared, run: RunFolder, progress: RunProgress, records: list[TaskRecord]
) -> RunFailed | None:
    def listen(event: Event) -> None:
        if isinstance(event, TaskFinished):
            records.append(event.record)
        progress(event)
        show_curves(event)

    with executor_for(prepared, run) as executor, driver_curves(prepared, run) as show_curves:
        try:
            run_graph(
                GraphSource(factory=FACTORY, arguments=_arguments(prepared, run)),
                executor=executor,
                orders=run.orders,
                on_event=listen,
                retries=prepared.run.retries,
            )
        except RunFailed as failure:
            return failure
        except ExecutorError as error:
            raise RunFailedError(str(error)) from error
    return None


def _arguments(prepared: Prepared, run: RunFolder) -> dict[str, str]:
    """Return the graph's source; other machines see no file of this one but in the bucket."""
    if prepared.run.on == "kubernetes" and prepared.state.bucket:
        return stored_arguments(run.resolved, prepared.state.store)
    return factory_arguments(run.resolved)


def _compared(summary: RunSummary, earlier: EarlierRun | None) -> RunSummary:
    """Say of a repetition whether it predicts the same as the earlier run, where that is known."""
    if earlier is None or earlier.predictions_digest is None:
        return summary
    is_same = summary.predictions_digest == earlier.predictions_digest
    repetition = Repetition(run_id=earlier.run_id, has_same_predictions=is_same)
    return replace(summary, repeats=repetition)


def _report(
    summary: RunSummary,
    resolved: ResolvedCase,
    graph: CaseGraph,
    run: RunFolder,
    command: Sequence[str],
) -> RunSummary:
    artefact = graph.ensemble.result()
    outputs = output_columns([Target.of(target) for target in resolved.predicted_targets])
    write_report(
        ReportInputs(
            summary=summary,
            metrics=artefact.json("metrics.json"),
            importances=artefact.json("importances.json"),
            scores=population_scores(graph.predictions.result(), outputs),
            resolved=resolved.as_dict(),
            command=shlex.join(command),
        ),
        run.report,
    )
    return replace(summary, paths=replace(summary.paths, report=run.report))
