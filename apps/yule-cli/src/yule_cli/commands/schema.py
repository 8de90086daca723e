"""`yule schema`: the JSON Schema of a case file, for editors."""

import json

import typer

from yule_cli.commands.options import DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["schema"]


def schema(debug: DebugOption = False) -> None:
    """Print the JSON Schema of a case file.

    Editors complete and check case files with it.
    """
    with errors_reported(debug=debug):
        from yule_cli.config.schema import case_schema

        typer.echo(json.dumps(case_schema(), indent=2))
