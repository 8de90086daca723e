"""The time after SIGTERM in which a task that is nearly done may come to its end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Respite"]


class Respite:
    """Turns SIGTERM into KeyboardInterrupt: at once, or for a running task some seconds later.

    What a preempted pod has computed for minutes is not dropped for want of seconds. After the
    signal no further task begins. To be used from the main thread, for signals are handled there.

    Args:
        seconds: for which a task may go on after the signal.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._is_told = self._is_at_work = False

    @contextmanager
    def handling(self) -> Iterator[None]:
        """Handle the signal until the block ends."""
        handlers = {signal.SIGTERM: self._on_sigterm, signal.SIGALRM: self._on_alarm}
        previous = {signum: signal.signal(signum, do) for signum, do in handlers.items()}
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for signum, do in previous.items():
                signal.signal(signum, do)

    @contextmanager
    def task(self) -> Iterator[None]:
        """Let a task run to its end, if that comes in time.

        Raises:
            KeyboardInterrupt: the signal came before the task, or its time is over.
        """
        self._end_if_told()
        self._is_at_work = True
        try:
            yield
        finally:
            self._is_at_work = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def wait_for_others(self) -> None:
        """Note that the task has not begun, but waits for another process to do it.

        Raises:
            KeyboardInterrupt: the signal came before.
        """
        self._is_at_work = False
        self._end_if_told()

    def _end_if_told(self) -> None:
        if self._is_told:
            raise KeyboardInterrupt

    def _on_sigterm(self, _signum: int, _frame: FrameType | None) -> None:
        is_first, self._is_told = not self._is_told, True
        if not (is_first and self._is_at_work and self._seconds):
            raise KeyboardInterrupt
        signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def _on_alarm(self, _signum: int, _frame: FrameType | None) -> None:
        if self._is_at_work:
            raise KeyboardInterrupt
