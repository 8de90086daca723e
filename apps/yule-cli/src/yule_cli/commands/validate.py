"""`yule validate`: everything that can be checked without computing anything."""

from typing import Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["validate"]


def validate(
    case: CaseArgument,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print the resolved case as JSON.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Check a case file, its catalogue and its data.

    Computes nothing: what `yule run` would refuse before it starts is found here.
    """
    with errors_reported(debug=debug):
        from yule_cli.config import load_case
        from yule_cli.resolution import resolve
        from yule_cli.state import State

        loaded, document = load_case(case)
        resolved = resolve(loaded, document, State.of(loaded, document.path))
        typer.echo(resolved.to_json() if json_output else f"{case} is valid. {resolved.headline()}")
