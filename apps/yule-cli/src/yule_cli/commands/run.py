"""`yule run`: the whole job."""

from typing import Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["run"]


def run(
    case: CaseArgument,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on stdout instead of the summary.")
    ] = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the run to a driver in the cluster.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Compute what is missing, score everybody, and report."""
    with errors_reported(debug=debug):
        import json

        from rich.console import Console

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
        from yule_cli.loading import collector_at_rest
        from yule_cli.summary import print_summary, to_json
        from yule_cli.tracking.process import Tracker

        with Tracker() as tracker:  # loads MLflow while this process loads all the rest
            with collector_at_rest():
                from yule_cli.driver import run_case
            summary, error = run_case(
                loaded, document, console=Console(stderr=True), tracker=tracker
            )
        if json_output:
            typer.echo(json.dumps(to_json(summary)))
        else:
            print_summary(summary, Console())
        if error is not None:
            raise error
