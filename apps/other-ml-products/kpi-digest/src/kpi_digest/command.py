"""The `kpi-digest` command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from mushroom.cli.reporting import errors_reported

from kpi_digest.errors import KpiDigestError

__all__ = ["main"]

_EPILOG = (
    "Exit codes: 0 done, 1 unexpected, 2 the catalogue, the data or the command line is wrong, "
    "3 a file or the store cannot be read or written, 130 interrupted, 143 terminated."
)
_app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@_app.command(epilog=_EPILOG)
def digest(
    catalog: Annotated[Path, typer.Argument(metavar="CATALOG", help="The catalogue (YAML).")],
    *,
    warehouse: Annotated[
        str,
        typer.Option(
            metavar="URL", help="The warehouse, such as duckdb:FOLDER; relative to this folder."
        ),
    ],
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The catalogue's events; may be left out if it has one."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How many weeks to show.")] = 12,
    last: Annotated[
        str | None,
        typer.Option(metavar="WEEK", help="The last week, as 2011-W48; else the last complete."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the digest is called.")] = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Write .html, .md or .json; repeat it. Else Markdown is printed."
        ),
    ] = None,
    store: Annotated[
        str, typer.Option(metavar="PLACE", help="A folder or gs:// URL that keeps answers.")
    ] = ".kpi-digest",
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Tell how many users were active, new, returning and lapsed in the last complete weeks."""
    with errors_reported(debug=debug, program="kpi-digest", expected=(KpiDigestError,)):
        from kpi_digest.output import check_outputs, write_digest
        from kpi_digest.reading import read_digest
        from kpi_digest.rendering import render_markdown

        check_outputs(out or ())
        found = read_digest(
            catalog,
            warehouse=warehouse,
            table=table,
            weeks=weeks,
            last=last,
            title=title,
            store=store,
        )
        write_digest(found, out or ())
        if not out:
            typer.echo(render_markdown(found), nl=False)
        for path in out or ():
            typer.echo(f"Wrote {path}: {found.title}, {found.last.name}.", err=True)


def main() -> None:
    """Run the command line."""
    _app(prog_name="kpi-digest")
