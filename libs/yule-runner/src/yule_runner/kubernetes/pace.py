"""How often something may be done: at a mean rate, and a few times in a row after a pause."""

from __future__ import annotations

__all__ = ["Pace"]


class Pace:
    """The generic cell rate algorithm (ITU-T I.371): a bucket of turns that time fills up.

    Args:
        every_s: mean time between two turns, in seconds.
        saved: turns that a pause saves up, at most.
    """

    def __init__(self, every_s: float, saved: int) -> None:
        self._every_s, self._saved_s = every_s, saved * every_s
        self.due_s = float("-inf")

    def take(self, now_s: float) -> None:
        """Take a turn; `due_s` says when the next one may be taken."""
        self.due_s = max(self.due_s, now_s - self._saved_s) + self._every_s
