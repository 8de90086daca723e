"""Time that moves only when a test says so."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["VirtualClock", "micro_text", "parse_time", "time_text"]


class VirtualClock:
    """Seconds since the epoch, and what is to happen when.

    Args:
        start_s: the first moment, in seconds since the epoch.
    """

    def __init__(self, start_s: float = 1_767_225_600.0) -> None:
        self.now_s = start_s
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def at(self, when_s: float, action: Callable[[], None]) -> None:
        """Call `action` once the clock reaches `when_s`; at once, if that is past."""
        heapq.heappush(self._due, (max(when_s, self.now_s), next(self._order), action))

    def step(self, limit_s: float) -> Callable[[], None] | None:
        """Move to the next action that is due by `limit_s` and return it; to `limit_s` if none."""
        if self._due and self._due[0][0] <= limit_s:
            self.now_s, _, action = heapq.heappop(self._due)
            return action
        self.now_s = max(self.now_s, limit_s)
        return None


def time_text(when_s: float) -> str:
    """Write a metav1.Time: RFC 3339, whole seconds, rounded down as Kubernetes does."""
    return datetime.fromtimestamp(int(when_s), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_text(when_s: float) -> str:
    """Write a metav1.MicroTime: RFC 3339 with microseconds."""
    return datetime.fromtimestamp(when_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> float:
    """Read either kind of time; return seconds since the epoch."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
