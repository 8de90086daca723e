"""Ctrl-C and SIGTERM at any moment: a command cleans up, says so, and ends with 130 or 143."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from yule_cli.errors import InterruptedByUser

__all__ = ["interruptible", "signals_held_back"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible() -> Iterator[None]:
    """Unwind the block when a signal arrives, as Ctrl-C does in any Python program.

    Code that may not be left at any point, as the runner's, takes the signals over for a while.

    Raises:
        InterruptedByUser: After a signal, whatever the block made of it.
    """
    seen: list[int] = []

    def interrupt(signum: int, _frame: FrameType | None) -> None:
        seen.append(signum)
        raise KeyboardInterrupt

    # What a shell has told us to ignore, as Ctrl-C in the background, stays ignored.
    heeded = [signum for signum in _SIGNALS if signal.getsignal(signum) != signal.SIG_IGN]
    previous = {signum: signal.signal(signum, interrupt) for signum in heeded}
    try:
        yield
    except BaseException as error:
        if seen:  # a library may have turned the interruption into an error of its own
            raise InterruptedByUser(seen[0]) from error
        raise
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
    if seen:
        raise InterruptedByUser(seen[0])


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Let a short block come to its end before a signal is heeded."""
    seen: list[int] = []

    def note(signum: int, _frame: FrameType | None) -> None:
        seen.append(signum)

    if threading.current_thread() is not threading.main_thread():
        yield  # where Python handles no signals anyway
        return
    previous = {signum: signal.signal(signum, note) for signum in _SIGNALS}
    try:
        yield
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
        if seen:
            signal.raise_signal(seen[0])
