"""Ctrl-C and SIGTERM as facts to look at, instead of exceptions that strike anywhere."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Interruption", "interruption"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """The signals received so far.

    Attributes:
        signum: the first signal; None before it.
        count: how many arrived.
    """

    def __init__(self) -> None:
        self.signum: int | None = None
        self.count = 0

    def note(self, signum: int) -> None:
        """Record one signal."""
        self.signum = self.signum or signum
        self.count += 1


@contextmanager
def interruption() -> Iterator[Interruption]:
    """Collect SIGINT and SIGTERM while the block runs; the previous handlers return afterwards.

    Outside the main thread, where Python cannot handle signals, nothing is ever noted.
    """
    seen = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return

    def handle(signum: int, _frame: FrameType | None) -> None:
        seen.note(signum)

    previous = {signum: signal.signal(signum, handle) for signum in _SIGNALS}
    try:
        yield seen
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
