"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["CaseArgument", "DebugOption", "JsonOption"]

CaseArgument: TypeAlias = Annotated[
    Path, typer.Argument(metavar="CASE", help="The case file (YAML).", show_default=False)
]
DebugOption: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.")
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout instead of the summary.")
]
