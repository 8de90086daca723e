"""The one place where errors and signals become messages and exit codes, for any command."""

import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from mushroom.errors import MushroomError

__all__ = ["errors_reported"]

_ASKED_WRONG, _CANNOT_STORE = 2, 3


@contextmanager
def errors_reported(
    *, debug: bool, program: str = "mushroom", expected: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Print an error as one message on stderr, and leave with its exit code.

    That is 2 for errors of mushroom, and of gokart-store but where a store cannot be read or
    written: 3; 130 and 143 for Ctrl-C and SIGTERM; 1, with a request to report it, for all others.

    Args:
        debug: Print the traceback instead.
        program: The command, as people call it.
        expected: Errors of other packages that are no defect of the command: the exit code is
            their `exit_code`, 2 where they have none.
    """
    seen: list[int] = []

    def interrupt(signum: int, _frame: FrameType | None) -> None:
        seen.append(signum)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except KeyboardInterrupt:
        what, signum = ("Terminated", seen[0]) if seen else ("Interrupted", signal.SIGINT)
        typer.echo(f"{what}; what was stored stays.", err=True)
        raise typer.Exit(128 + signum) from None
    except Exception as error:
        code = _exit_code(error, expected)
        message = str(error) if code > 1 else _defect(error, program)
        typer.echo(traceback.format_exc() if debug else message, err=True)
        raise typer.Exit(code) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit_code(error: Exception, expected: tuple[type[Exception], ...]) -> int:
    if isinstance(error, (MushroomError, *expected)):
        return int(getattr(error, "exit_code", _ASKED_WRONG))
    # Its module is loaded if it raised anything.
    store = sys.modules.get("gokart_store.errors")
    if store is None or not isinstance(error, store.GokartStoreError):
        return 1
    is_closed = isinstance(error, store.StoreAccessError | store.StoreWriteError)
    return _CANNOT_STORE if is_closed else _ASKED_WRONG


def _defect(error: Exception, program: str) -> str:
    return (
        f"{program} failed unexpectedly: {type(error).__name__}: {error}\n"
        f"This is a defect of {program}. Run again with --debug, and report what it shows."
    )
