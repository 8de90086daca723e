"""The `reactivation-list` command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from mushroom.cli.reporting import errors_reported
from yule_models import YuleModelsError

from reactivation_list.errors import ReactivationError

__all__ = ["main"]

_EPILOG = (
    "Exit codes: 0 done, 1 unexpected, 2 the catalogue, the data or the command line is wrong, "
    "3 a file or the store cannot be read or written, 130 interrupted, 143 terminated."
)
_app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@_app.command(epilog=_EPILOG)
def reactivation_list(
    catalog: Annotated[Path, typer.Argument(metavar="CATALOG", help="The catalogue (YAML).")],
    *,
    warehouse: Annotated[
        str,
        typer.Option(
            metavar="URL", help="The warehouse, such as duckdb:FOLDER; relative to this folder."
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The list: .csv or .parquet.")],
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What it is worth: .md or .json; else it is printed."),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The catalogue's events; may be left out if it has one."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="The time of the list; else the end of the data."),
    ] = None,
    lapsed_after: Annotated[
        int, typer.Option(metavar="DAYS", min=1, max=3650, help="Silence that makes one lapse.")
    ] = 60,
    horizon: Annotated[
        int, typer.Option(metavar="DAYS", min=1, max=3650, help="Until when coming back counts.")
    ] = 60,
    memory: Annotated[
        int, typer.Option(metavar="DAYS", min=1, max=36500, help="Who was silent longer is left.")
    ] = 365,
    model: Annotated[
        str, typer.Option(metavar="KIND", help="A kind of model of yule-models.")
    ] = "gbdt",
    seed: Annotated[int, typer.Option(help="Seed of the model.")] = 0,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only the first N customers.")
    ] = None,
    store: Annotated[
        str, typer.Option(metavar="PLACE", help="A folder or gs:// URL that keeps results.")
    ] = ".reactivation-list",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """List the customers who lapsed, by their chance to come back and their fall."""
    with errors_reported(
        debug=debug, program="reactivation-list", expected=(ReactivationError, YuleModelsError)
    ):
        from reactivation_list.making import make_list
        from reactivation_list.output import (
            LISTS,
            REPORTS,
            check_output,
            write_list,
            write_report,
        )
        from reactivation_list.report import render_markdown
        from reactivation_list.request import Request

        check_output(out, option="--out", endings=LISTS)
        if report is not None:
            check_output(report, option="--report", endings=tuple(REPORTS))
        made = make_list(
            catalog,
            warehouse=warehouse,
            request=Request(
                lapsed_after_days=lapsed_after,
                horizon_days=horizon,
                memory_days=memory,
                model=model,
                seed=seed,
            ),
            table=table,
            as_of=as_of,
            store=store,
            on_task=lambda name: typer.echo(f"computing {name}", err=True),
        )
        write_list(made.customers.slice(0, limit), out)
        if report is None:
            typer.echo(render_markdown(made), nl=False)
        else:
            write_report(made, report)
        typer.echo(
            f"Wrote {out}: {min(len(made.customers), limit or len(made.customers)):,} customers; "
            f"{made.computed} of {made.tasks} tasks computed.",
            err=True,
        )


def main() -> None:
    """Run the command line."""
    _app(prog_name="reactivation-list")
