"""The `yule` command: its subcommands, one file each in `commands`."""

from typing import Annotated

import typer

from yule_cli import __version__
from yule_cli.commands.cancel import cancel
from yule_cli.commands.drive import drive
from yule_cli.commands.logs import logs
from yule_cli.commands.render import render
from yule_cli.commands.repeat import repeat
from yule_cli.commands.run import run
from yule_cli.commands.schema import schema
from yule_cli.commands.status import status
from yule_cli.commands.trunk import trunk
from yule_cli.commands.validate import validate

__all__ = ["app", "main"]

_EPILOG = (
    "Exit codes: 0 done, 1 unexpected, 2 the case or the command line is wrong, 3 the run failed, "
    "130 interrupted, 143 terminated."
)

app = typer.Typer(
    help="One case file in, scores for everybody out.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # rich's help loads a Markdown parser and a syntax highlighter: three times the time.
    rich_markup_mode=None,
)
app.command()(run)
app.command()(repeat)
app.command()(validate)
app.command()(schema)
app.command()(trunk)
app.command()(render)
app.command()(status)
app.command()(logs)
app.command()(cancel)
app.command(hidden=True)(drive)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"yule {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """One case file in, scores for everybody out."""


def main() -> None:
    """Run the command line."""
    app()
