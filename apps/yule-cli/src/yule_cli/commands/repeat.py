"""`yule repeat`: an earlier run once more."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from yule_cli.commands.options import DebugOption, JsonOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["repeat"]


def repeat(
    run: Annotated[Path, typer.Argument(help="Folder of the run: .yule/runs/<run id>.")],
    store: Annotated[
        Path | None,
        typer.Option(
            help="A folder for all state of the repetition, so that everything is computed again; "
            "by default it shares the run's own, and computes what is missing there."
        ),
    ] = None,
    json_output: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Run an earlier run again, as it was resolved, and compare the predictions.

    Labels, features, models, seeds and times are those of then: the case file is not read, and may
    have changed. Exits with 3 where the predictions differ.
    """
    with errors_reported(debug=debug):
        from gokart_store import collector_at_rest
        from rich.console import Console

        from yule_cli.commands.showing import show
        from yule_cli.tracking.process import Tracker

        # A tracker loads MLflow while this process loads all the rest.
        with Tracker() if _is_tracked(run) else nullcontext() as tracker:
            with collector_at_rest():
                from yule_cli.driver import run_case
                from yule_cli.preparation import prepare_repetition
                from yule_cli.repetition import EarlierRun, code_differences
            earlier = EarlierRun.read(run)
            typer.echo(f"Repeating {earlier.run_id}.", err=True)
            for difference in code_differences(earlier.resolved):
                typer.echo(f"The code differs: {difference}.", err=True)
            summary, error = run_case(
                lambda: prepare_repetition(earlier, store=store),
                console=Console(stderr=True),
                tracker=tracker,
            )
        show(summary, as_json=json_output)
        if error is not None:
            raise error


def _is_tracked(run: Path) -> bool:
    """Whether MLflow is to hear of a repetition, found without loading what reads runs."""
    try:
        resolved = json.loads((run / "resolved.json").read_text(encoding="utf-8"))
        return bool(resolved["setup"]["tracking"]["enabled"])
    except (OSError, ValueError, KeyError, TypeError):
        return False  # what reads it whole says what is wrong
