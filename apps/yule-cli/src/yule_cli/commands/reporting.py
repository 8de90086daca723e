"""The one place where errors become messages and exit codes."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from yule_cli.credentials import redacted
from yule_cli.errors import YuleError
from yule_cli.interruption import interruptible

__all__ = ["errors_reported"]


@contextmanager
def errors_reported(*, debug: bool) -> Iterator[None]:
    """Print an error, or that a signal came, as one message on stderr; leave with its exit code.

    Args:
        debug: Print the traceback too.
    """
    try:
        with interruptible():
            yield
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if debug:
            typer.echo(redacted(traceback.format_exc()), err=True, nl=False)
        else:
            typer.echo(redacted(_message(error)), err=True)
        raise typer.Exit(_exit_code(error)) from None


def _message(error: Exception) -> str:
    if _is_expected(error):
        return str(error)
    return (
        f"yule failed unexpectedly: {type(error).__name__}: {error}\n"
        "This is a defect of yule. Run again with --debug, and report what it shows."
    )


def _exit_code(error: Exception) -> int:
    if isinstance(error, YuleError):
        return error.exit_code
    if type(error).__name__ == "RunInterrupted":
        return int(getattr(error, "exit_code", 130))
    return 2 if _is_expected(error) else 1


def _is_expected(error: Exception) -> bool:
    """Whether one of our packages raised it on purpose: then its module is loaded already."""
    bases = {
        "gokart_store.errors": "GokartStoreError",
        "mushroom.errors": "MushroomError",
        "yule_cli.errors": "YuleError",
        "yule_models.errors": "YuleModelsError",
        "yule_runner.errors": "YuleRunnerError",
    }
    return any(
        module in sys.modules and isinstance(error, getattr(sys.modules[module], base))
        for module, base in bases.items()
    )
