"""The one place where errors become messages and exit codes."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

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
        code = _exit_code(error)
        message = str(error) if code > 1 else _defect(error)
        typer.echo(traceback.format_exc() if debug else message, err=True)
        raise typer.Exit(code) from None


def _exit_code(error: Exception) -> int:
    from gokart_store import GokartStoreError, StoreAccessError, StoreWriteError
    from mushroom import MushroomError

    from kpi_digest.errors import KpiDigestError

    match error:
        case KpiDigestError():
            return error.exit_code
        case StoreAccessError() | StoreWriteError():
            return 3
        case MushroomError() | GokartStoreError():
            return 2
    return 1


def _defect(error: Exception) -> str:
    return (
        f"kpi-digest failed unexpectedly: {type(error).__name__}: {error}\n"
        "This is a defect of kpi-digest. Run again with --debug, and report what it shows."
    )
