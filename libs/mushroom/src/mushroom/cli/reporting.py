"""The one place where errors become messages and exit codes."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from mushroom.errors import MushroomError

__all__ = ["errors_reported"]

_INTERRUPTED = 130


@contextmanager
def errors_reported(*, debug: bool) -> Iterator[None]:
    """Print an error as one message on stderr, and leave with its exit code.

    Args:
        debug: Print the traceback instead.
    """
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        typer.echo("Interrupted; what was stored stays.", err=True)
        raise typer.Exit(_INTERRUPTED) from None
    except Exception as error:
        typer.echo(traceback.format_exc() if debug else _message(error), err=True)
        raise typer.Exit(2 if _is_expected(error) else 1) from None


def _message(error: Exception) -> str:
    if _is_expected(error):
        return str(error)
    return (
        f"mushroom failed unexpectedly: {type(error).__name__}: {error}\n"
        "This is a defect of mushroom. Run again with --debug, and report what it shows."
    )


def _is_expected(error: Exception) -> bool:
    if isinstance(error, MushroomError):
        return True
    # Its module is loaded if it raised anything.
    store = sys.modules.get("gokart_store.errors")
    return store is not None and isinstance(error, store.GokartStoreError)
