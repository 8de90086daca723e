"""The subcommands of `mushroom`, one file each in `commands`."""

from typing import Annotated

import typer

from mushroom import __version__
from mushroom.cli.commands.check import check
from mushroom.cli.commands.list import list_methods
from mushroom.cli.commands.run import run
from mushroom.cli.commands.show import show

__all__ = ["app"]

_EPILOG = (
    "Exit codes: 0 done, 1 unexpected, 2 the method, the catalogue, the data or the command line "
    "is wrong, 3 the store cannot be read or written, 130 interrupted, 143 terminated."
)


def _app(about: str) -> typer.Typer:
    return typer.Typer(
        help=about,
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        # rich's help loads a Markdown parser and a syntax highlighter: three times the time.
        rich_markup_mode=None,
    )


app = _app("Shared download methods over a company's tables.")
methods = _app("List, show, run and check download methods.")
methods.command("list")(list_methods)
methods.command()(show)
methods.command()(run)
methods.command()(check)
app.add_typer(methods, name="methods")


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"mushroom {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Shared download methods over a company's tables."""
