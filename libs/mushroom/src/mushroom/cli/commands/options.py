"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "CatalogOption",
    "ColumnOption",
    "DebugOption",
    "JsonOption",
    "MethodArgument",
    "ParamOption",
    "TableOption",
    "WarehouseOption",
]

MethodArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="METHOD", help="The method's name.", show_default=False)
]
CatalogOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--catalog", metavar="FILE", help="The catalogue (YAML).", show_default=False),
]
WarehouseOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--warehouse",
        metavar="URL",
        help="The warehouse, such as duckdb:FOLDER; relative to this folder.",
        show_default=False,
    ),
]
TableOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--table",
        metavar="NAME=TABLE",
        help="The catalogue's table for a table that the method names; repeat it for each.",
    ),
]
ColumnOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="NAME.COLUMN=ITS",
        help="The catalogue's name for a measure, category or column that the method names.",
    ),
]
ParamOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        metavar="NAME=VALUE",
        help="A parameter's value; repeat it for each, and for each value of an array.",
    ),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DebugOption: TypeAlias = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.")
]
