"""`mushroom methods check`: whether a team's file is fit to be shared."""

from pathlib import Path
from typing import Annotated

import typer

from mushroom.cli.commands.options import (
    CatalogOption,
    ColumnOption,
    DebugOption,
    ParamOption,
    TableOption,
    WarehouseOption,
)
from mushroom.cli.reporting import errors_reported

__all__ = ["check"]


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The method's file.", show_default=False)
    ],
    *,
    catalog: CatalogOption = None,
    warehouse: WarehouseOption = None,
    table: TableOption = None,
    column: ColumnOption = None,
    param: ParamOption = None,
    debug: DebugOption = False,
) -> None:
    """Check a method's file, and run it without any row: over a catalogue, or over empty tables."""
    with errors_reported(debug=debug):
        from mushroom.cli.trial import tried

        method = tried(
            file,
            catalog=catalog,
            warehouse=warehouse,
            tables=table or (),
            columns=column or (),
            parameters=param or (),
        )
        columns = ", ".join(method.declaration.returns)
        typer.echo(f"{file} is a sound method: {method.name} returns {columns}.")
