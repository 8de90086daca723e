"""The one place where errors become messages and exit codes."""

import select
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import typer

from yule_cli.credentials import redacted
from yule_cli.errors import YuleError
from yule_cli.interruption import interruptible

__all__ = ["errors_reported", "exit_code"]

_BASES = {
    "gokart_store.errors": ("GokartStoreError",),
    "mushroom.errors": ("MushroomError",),
    "yule_cli.errors": ("YuleError",),
    "yule_models.errors": ("YuleModelsError",),
    "yule_runner.errors": ("YuleRunnerError",),
}
_OUT_OF_REACH = {
    "gokart_store.errors": ("StoreAccessError", "StoreWriteError"),
    "yule_runner.kubernetes.errors": ("ApiUnavailable", "ClusterError"),
}


def exit_code(error: Exception) -> int:
    """Return what a command leaves with because of an error."""
    if isinstance(error, YuleError):
        return error.exit_code
    if type(error).__name__ == "RunInterrupted":
        return int(getattr(error, "exit_code", 130))
    if _is_one_of(error, _OUT_OF_REACH):
        return 3
    return 2 if _is_one_of(error, _BASES) else 1


@contextmanager
def errors_reported(
    *, debug: bool, code_of: Callable[[Exception], int] = exit_code
) -> Iterator[None]:
    """Print an error, or that a signal came, as one message on stderr; leave with its exit code.

    Args:
        debug: Print the traceback too.
        code_of: Returns the exit code of an error.
    """
    try:
        with interruptible():
            yield
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _has_no_reader():
            raise  # typer ends quietly with 1: `| head` has seen enough
        if debug:
            typer.echo(redacted(traceback.format_exc()), err=True, nl=False)
        else:
            typer.echo(redacted(_message(error)), err=True)
        raise typer.Exit(code_of(error)) from None


def _has_no_reader() -> bool:
    """Whether nobody reads standard output any more; other pipes break, too."""
    poller = select.poll()
    try:
        poller.register(sys.stdout, 0)  # nothing but its end, which cannot be left out
    except (OSError, ValueError):  # no file at all, as in tests
        return False
    return bool(poller.poll(0))


def _message(error: Exception) -> str:
    if _is_one_of(error, _OUT_OF_REACH):
        said = str(error).rstrip(".")
        return f"{said}. Start the command again when that is put right; what is stored is kept."
    if _is_one_of(error, _BASES):
        return str(error)
    return (
        f"yule failed unexpectedly: {type(error).__name__}: {error}\n"
        "This is a defect of yule. Run again with --debug, and report what it shows."
    )


def _is_one_of(error: Exception, classes: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an error is of a class of one of our packages: then its module is loaded already."""
    return any(
        module in sys.modules and isinstance(error, getattr(sys.modules[module], name))
        for module, names in classes.items()
        for name in names
    )
