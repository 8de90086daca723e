"""`yule validate`: everything that can be checked without computing anything."""

from typing import Annotated

import typer

from yule_cli.commands.options import CaseArgument, DeadlineOption, DebugOption
from yule_cli.commands.reporting import errors_reported
from yule_cli.commands.run import deadline_resolving

__all__ = ["validate"]


def validate(
    case: CaseArgument,
    deadline: DeadlineOption = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print the resolved case as JSON.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Check a case file, its catalogue and its data.

    Computes nothing: what `yule run` would refuse before it starts is found here. With a deadline
    it also says how long each preset would take, which a few seconds of trying tell.
    """
    with errors_reported(debug=debug):
        from gokart_store import collector_at_rest

        from yule_cli.config import load_case

        loaded, document = load_case(case)  # first: a mistake in it is answered at once
        with collector_at_rest():
            from yule_cli.preparation import prepare
        resolving = None if deadline is None else deadline_resolving(loaded, document, deadline)
        resolved = prepare(loaded, document, resolving=resolving).resolved
        typer.echo(resolved.to_json() if json_output else f"{case} is valid. {resolved.headline()}")
