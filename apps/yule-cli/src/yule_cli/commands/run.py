"""`yule run`: the whole job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from yule_cli.commands.options import CaseArgument, DeadlineOption, DebugOption, JsonOption
from yule_cli.commands.reporting import errors_reported

if TYPE_CHECKING:
    from yule_cli.config import Case, Document
    from yule_cli.preparation import Resolving

__all__ = ["deadline_resolving", "run", "run_here"]


def run(
    case: CaseArgument,
    *,
    detach: Annotated[
        bool,
        typer.Option("--detach", help="Leave the driver in the cluster once its pod runs."),
    ] = False,
    here: Annotated[
        bool,
        typer.Option("--here", help="Drive a run on a cluster from this machine, not from there."),
    ] = False,
    deadline: DeadlineOption = None,
    json_output: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Compute what is missing, score everybody, and report.

    A run on a cluster is driven from there: this command shows what its driver prints. Ctrl-C
    leaves it, and the same command finds it again.
    """
    with errors_reported(debug=debug):
        from yule_cli.config import load_case

        # Before all that is heavy: a mistake in it is answered at once.
        loaded, document = load_case(case)
        _check_options(loaded, detach=detach, here=here, as_json=json_output)
        resolving = None if deadline is None else deadline_resolving(loaded, document, deadline)
        typer.echo(f"Resolving {case}.", err=True)
        if detach or (loaded.run.cluster is not None and not here):
            _run_there(loaded, document, leaves=detach)
            return
        run_here(loaded, document, as_json=json_output, resolving=resolving)


def deadline_resolving(case: Case, document: Document, deadline: str) -> Resolving:
    """Return what resolves a case by a deadline, and says what it has chosen.

    Raises:
        CaseError: If it is no deadline, or the case leaves nothing to choose.
    """
    from yule_cli.deadline import DeadlineResolving, check_deadline, parse_deadline

    seconds = parse_deadline(deadline)
    check_deadline(case, document)
    return DeadlineResolving(deadline_s=seconds, say=lambda words: typer.echo(words, err=True))


def _check_options(case: Case, *, detach: bool, here: bool, as_json: bool) -> None:
    """Refuse options that exclude each other."""
    from yule_cli.errors import CaseError

    if detach and here:
        raise CaseError(["--detach and --here exclude each other: give one of them."])
    if as_json and (detach or (case.run.cluster is not None and not here)):
        problem = (
            "--json needs the driver to be on this machine: add --here. A driver in the cluster "
            "writes the same to run.json in the folder of its run."
        )
        raise CaseError([problem])


def _run_there(case: Case, document: Document, *, leaves: bool) -> None:
    """Start the driver of a case in its cluster, or find it; stay with it, or not."""
    import shlex
    from functools import partial

    from gokart_store import open_store

    from yule_cli.attaching import attach
    from yule_cli.detached import start_detached
    from yule_cli.leaving import see_start
    from yule_cli.live_curves import CurveWindow, watching
    from yule_cli.told_curves import curves_told

    def say(words: str) -> None:
        typer.echo(words, err=True)

    driver = start_detached(case, document)
    typer.echo(f"{driver.job} {'is started' if driver.is_new else 'is at work already'}.")
    if driver.warning:
        say(driver.warning)
    path = document.path
    api = driver.run.api()
    try:
        if leaves:
            see_start(driver.run, driver.job, api, say=say)
            say(f"Follow it by `yule run {path}`, end it by `yule cancel {path}`.")
            return
        say(f"Ctrl-C leaves it at work; `yule cancel {path}` ends it.")
        curves = driver.folder.tensorboard
        say(f"Learning curves, as they come: `tensorboard --logdir {shlex.quote(str(curves))}`.")
        store = open_store(driver.run.store)
        told = partial(curves_told, store, driver.job, driver.uid)
        with watching(CurveWindow(store, curves), told):
            attach(driver.run, driver.job, api, show=typer.echo, say=say)
    finally:
        api.close()


def run_here(
    case: Case,
    document: Document,
    *,
    as_json: bool = False,
    resolving: Resolving | None = None,
) -> None:
    """Drive a case from this process, and show what came out.

    Args:
        case: The case.
        document: Its file.
        as_json: Whether to print one JSON object.
        resolving: Resolves the case; by default as it is now.

    Raises:
        YuleError: It cannot be run, or has failed.
    """
    from contextlib import nullcontext

    from gokart_store import collector_at_rest
    from rich.console import Console

    from yule_cli.commands.showing import show
    from yule_cli.tracking.process import Tracker

    # It loads MLflow while this process loads all the rest.
    with Tracker() if case.tracking.enabled else nullcontext() as tracker:
        with collector_at_rest():
            from yule_cli.driver import run_case
            from yule_cli.preparation import prepare
        summary, error = run_case(
            lambda: prepare(case, document, resolving=resolving),
            console=Console(stderr=True),
            tracker=tracker,
        )
    show(summary, as_json=as_json)
    if error is not None:
        raise error
