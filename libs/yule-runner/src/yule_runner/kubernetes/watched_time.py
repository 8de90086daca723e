"""Time that passes only while the cluster can be seen."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["WatchedTime"]


class WatchedTime:
    """A clock that stands still while a driver is blind: what it saw last may long be over.

    Args:
        now_s: the driver's clock.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._missed_s = 0.0
        self._blind_since_s: float | None = None

    def note(self, *, is_blind: bool) -> None:
        """Say whether the cluster can be seen at this moment."""
        if is_blind and self._blind_since_s is None:
            self._blind_since_s = self._now_s()
        elif not is_blind and self._blind_since_s is not None:
            self._missed_s += self._now_s() - self._blind_since_s
            self._blind_since_s = None

    @property
    def is_blind(self) -> bool:
        """Whether the cluster cannot be seen."""
        return self._blind_since_s is not None

    def now_s(self) -> float:
        """Return the time, in seconds from any moment."""
        now_s = self._now_s() if self._blind_since_s is None else self._blind_since_s
        return now_s - self._missed_s
