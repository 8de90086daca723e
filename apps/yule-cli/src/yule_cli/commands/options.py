"""Arguments that several commands share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = ["CaseArgument", "DeadlineOption", "DebugOption", "JsonOption"]

CaseArgument: TypeAlias = Annotated[
    Path, typer.Argument(metavar="CASE", help="The case file (YAML).", show_default=False)
]
DeadlineOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--deadline",
        metavar="TIME",
        help="Choose the richest preset of models that is sure to end in time, as 30m or 2h; "
        "nothing is cut off.",
    ),
]
DebugOption: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.")
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout instead of the summary.")
]
