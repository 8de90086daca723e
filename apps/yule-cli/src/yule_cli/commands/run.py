"""`yule run`: the whole job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption, JsonOption
from yule_cli.commands.reporting import errors_reported

if TYPE_CHECKING:
    from yule_cli.config import Case, Document
    from yule_cli.preparation import Resolving

__all__ = ["run", "run_here"]


def run(
    case: CaseArgument,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the run to a driver in the cluster.")
    ] = False,
    json_output: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Compute what is missing, score everybody, and report."""
    with errors_reported(debug=debug):
        from yule_cli.config import load_case

        # Before all that is heavy: a mistake in it is answered at once.
        loaded, document = load_case(case)
        typer.echo(f"Resolving {case}.", err=True)
        if detach:
            from yule_cli.detached import start_detached

            name, is_new = start_detached(loaded, document)
            typer.echo(f"{name} {'is started' if is_new else 'is at work already'}.")
            typer.echo(f"Follow it by `yule logs {case} driver --follow`.", err=True)
            return
        run_here(loaded, document, as_json=json_output)


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
    from rich.console import Console

    from yule_cli.commands.showing import show
    from yule_cli.loading import collector_at_rest
    from yule_cli.tracking.process import Tracker

    with Tracker() as tracker:  # loads MLflow while this process loads all the rest
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
