"""A controller's work queue (client-go util/workqueue), on the virtual clock."""

from __future__ import annotations

from yule_runner.testing.kubernetes.clock import VirtualClock

__all__ = ["WorkQueue"]

_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 60.0


class WorkQueue:
    """Keys to work on: each once, however often it is added.

    Of several delays for a key the earliest counts, and it still counts where the key is added
    at once in between.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._ready: dict[str, None] = {}
        self._waiting: dict[str, float] = {}
        self._retries: dict[str, int] = {}

    def add(self, key: str, delay_s: float = 0.0) -> None:
        """Work on `key` after `delay_s` seconds."""
        if delay_s <= 0:
            self._ready[key] = None
            return
        due_s = self._clock.now_s + delay_s
        if due_s < self._waiting.get(key, float("inf")):
            self._waiting[key] = due_s
            self._clock.at(due_s, lambda: self._wake(key, due_s))

    def retry(self, key: str) -> None:
        """Work on `key` again, later after each failure."""
        failures = self._retries.get(key, 0)
        self._retries[key] = failures + 1
        self.add(key, min(_FIRST_RETRY_S * 2.0**failures, _LONGEST_RETRY_S))

    def forget(self, key: str) -> None:
        """Count no failures of `key`."""
        self._retries.pop(key, None)

    def take(self) -> str | None:
        """Return the next key that is due, or None."""
        if not self._ready:
            return None
        key = next(iter(self._ready))
        del self._ready[key]
        return key

    def _wake(self, key: str, due_s: float) -> None:
        if self._waiting.get(key) == due_s:
            del self._waiting[key]
            self._ready[key] = None
