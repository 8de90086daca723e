"""Pauses between attempts at an API server that cannot answer now."""

from __future__ import annotations

import random

from yule_runner.kubernetes.errors import ApiUnavailable
from yule_runner.kubernetes.patience import Patience

__all__ = ["Backoff"]

_JITTER = 0.2


class Backoff:
    """Doubles from attempt to attempt, obeys what the server asks for, and spreads drivers apart.

    Args:
        patience: the first and the longest pause.
        seed: of the jitter.
    """

    def __init__(self, patience: Patience, seed: str) -> None:
        self._patience = patience
        self._random = random.Random(seed)  # noqa: S311 - spreads requests, keeps no secret
        self._failures = 0

    def reset(self) -> None:
        """Note that the server answers again."""
        self._failures = 0

    def next_s(self, error: ApiUnavailable | None = None) -> float:
        """Return how long to wait after one more failure."""
        pause_s = self._patience.first_backoff_s * 2.0 ** min(self._failures, 20)
        pause_s = min(pause_s, self._patience.longest_backoff_s)
        self._failures += 1
        if error is not None and error.retry_after_s is not None:
            pause_s = max(pause_s, error.retry_after_s)
        return pause_s * (1 + _JITTER * self._random.random())
