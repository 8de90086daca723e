"""`mushroom methods run`: a method's rows, from the warehouse or the store."""

import json
from pathlib import Path
from typing import Annotated

import typer

from mushroom.cli.commands.options import (
    CatalogOption,
    ColumnOption,
    DebugOption,
    JsonOption,
    MethodArgument,
    ParamOption,
    TableOption,
    WarehouseOption,
)
from mushroom.cli.reporting import errors_reported

__all__ = ["run"]


def run(
    method: MethodArgument,
    *,
    catalog: CatalogOption = None,
    warehouse: WarehouseOption = None,
    table: TableOption = None,
    column: ColumnOption = None,
    param: ParamOption = None,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Write all rows to a .parquet or .csv file; -: print them as CSV."
        ),
    ] = None,
    store: Annotated[
        str, typer.Option(metavar="PLACE", help="A folder or gs:// URL that keeps answers.")
    ] = ".mushroom",
    rows: Annotated[int, typer.Option(min=0, help="How many rows the printed table has.")] = 20,
    json_output: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Run a method, unless the store has its answer already, and show its rows."""
    with errors_reported(debug=debug):
        from mushroom.cli import output as shown
        from mushroom.cli.download import downloaded
        from mushroom.errors import MethodError

        if output == "-" and json_output:
            raise MethodError(
                "--output - and --json both print; give one of them, or a file for --output."
            )
        if output not in (None, "-"):
            shown.check_output(Path(str(output)))
        found, is_cached = downloaded(
            method,
            catalog=catalog,
            warehouse=warehouse,
            tables=table or (),
            columns=column or (),
            parameters=param or (),
            store=store,
        )
        if output not in (None, "-"):
            shown.write_output(found, Path(str(output)))
        if json_output:
            columns = {field.name: str(field.type) for field in found.schema}
            answer = {
                "method": method,
                "cached": is_cached,
                "count": found.num_rows,
                "columns": columns,
            }
            body: dict[str, object] = {"output": output}
            if output is None:
                body = {"rows": shown.as_json_rows(found.table())}
            typer.echo(json.dumps({**answer, **body}))
        elif output == "-":
            for part in shown.csv_parts(found):
                typer.echo(part, nl=False)
        else:
            if output is None:
                values = (row.values() for row in found.shard(0).slice(0, rows).to_pylist())
                typer.echo(shown.text_table(found.schema.names, map(list, values)))
            source = "from the store" if is_cached else "computed"
            more = (
                f", {rows} shown; --output FILE takes all"
                if output is None and found.num_rows > rows
                else ""
            )
            typer.echo(f"{found.num_rows} rows, {source}{more}.", err=True)
