"""When a driver looks at its Jobs: at once for what its run can go on by, else a little later."""

from __future__ import annotations

import threading
from collections.abc import Callable

from yule_runner.kubernetes.pace import Pace
from yule_runner.kubernetes.patience import Patience

__all__ = ["Attention"]

_NEVER, _AT_ONCE = float("inf"), float("-inf")


class Attention:
    """What has called for a look since the last one, and when that may be.

    `notice` may be called from any thread, the rest from the driver's own.

    Args:
        patience: how often to look.
        now_s: the driver's clock.
    """

    def __init__(self, patience: Patience, now_s: Callable[[], float]) -> None:
        self._pace = Pace(patience.reconcile_s, patience.saved_looks)
        self._pause_s = patience.reconcile_s
        self._silence_s = max(patience.journal_s, patience.reconcile_s)
        self._now_s = now_s
        self._is_asked = self._is_urgent = self._has_news = False
        self._looked_s = self._rested_s = _AT_ONCE
        self._called = threading.Event()

    def ask(self) -> None:
        """Call for a look that acts on what the driver itself wants.

        As that follows from what the last look has brought, it is part of it and takes no turn.
        """
        self._is_asked = True

    def notice(self, *, is_urgent: bool) -> None:
        """Call for a look because something has changed.

        Args:
            is_urgent: whether the run can go on by it; what is only to be told waits for the pause
                between two looks.
        """
        is_first = not self._has_news or (is_urgent and not self._is_urgent)
        self._has_news = True
        if is_urgent:
            self._is_urgent = True
        if is_first:
            self._called.set()

    def rest(self, seconds: float) -> None:
        """Let no look begin for a while, and then one."""
        self._rested_s = self._now_s() + seconds
        self._is_asked = True

    def wait(self, timeout_s: float, *, is_silent: bool) -> bool:
        """Wait for the moment of the next look, and no longer than `timeout_s`.

        Args:
            timeout_s: most seconds to wait.
            is_silent: whether something goes on of which nothing calls: deadlines, and what pods
                write into the store.

        Returns:
            Whether it is time to look.
        """
        self._called.clear()  # before what has called is read, so that no call is lost
        now_s = self._now_s()
        due_s = self._due_s(is_silent=is_silent)
        if due_s > now_s:
            self._called.wait(min(timeout_s, due_s - now_s))
        return self._now_s() >= self._due_s(is_silent=is_silent)

    def begin(self) -> None:
        """Begin a look: what changes from now on calls for the next one."""
        self._looked_s = self._now_s()
        if self._has_news or not self._is_asked:
            self._pace.take(self._looked_s)
        self._is_asked = self._is_urgent = self._has_news = False

    def _due_s(self, *, is_silent: bool) -> float:
        if self._is_asked:
            return self._rested_s
        due_s = self._looked_s + self._silence_s if is_silent else _NEVER
        if self._has_news:
            due_s = min(due_s, self._looked_s + self._pause_s)
        if self._is_urgent:
            due_s = _AT_ONCE
        return max(due_s, self._pace.due_s, self._rested_s)
