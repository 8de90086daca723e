"""How far this machine's clock is from the cluster's, by the date of its answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["Skew"]

_TOLD_S = 60.0


class Skew:
    """What answers of an API server say of the time.

    Args:
        now_s: this machine's clock, in seconds since the epoch.

    Attributes:
        ahead_s: how far the cluster's clock is ahead of this machine's, in seconds; negative where
            it is behind. An answer's date is in whole seconds, and as old as its way here.
    """

    def __init__(self, now_s: Callable[[], float] = time.time) -> None:
        self.ahead_s = 0.0
        self._now_s = now_s

    def note(self, headers: Mapping[str, str]) -> None:
        """Take in the headers of an answer."""
        try:
            told = parsedate_to_datetime(headers.get("Date", ""))
        except (TypeError, ValueError):  # a proxy may answer anything
            return
        self.ahead_s = told.replace(tzinfo=told.tzinfo or UTC).timestamp() - self._now_s()

    def now(self) -> datetime:
        """Return the time by the cluster's clock."""
        return datetime.fromtimestamp(self._now_s(), UTC) + timedelta(seconds=self.ahead_s)

    @property
    def words(self) -> str:
        """Say that the clocks differ, and what to do; empty where they differ by less than 60 s."""
        if abs(self.ahead_s) < _TOLD_S:
            return ""
        # This machine's clock is as likely to be wrong, and the one that its user can set.
        side = "behind" if self.ahead_s > 0 else "ahead of"
        return (
            f"The clock of this machine is {abs(self.ahead_s):.0f} s {side} that of the cluster: "
            "set it by NTP, or credentials may be refused, and times that are shown disagree."
        )
