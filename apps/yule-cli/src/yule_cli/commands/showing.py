"""How commands end that ran something."""

import json

import typer
from rich.console import Console

from yule_cli.summary import RunSummary, print_summary, to_json

__all__ = ["show"]


def show(summary: RunSummary, *, as_json: bool) -> None:
    """Print a summary on standard output, for people or for programs."""
    if as_json:
        typer.echo(json.dumps(to_json(summary)))
    else:
        print_summary(summary, Console())
