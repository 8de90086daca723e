"""Clocks that differ: what is told of them, and what the cluster's shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from yule_runner.kubernetes.skew import Skew

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def skew(date: str) -> Skew:
    found = Skew(now_s=NOON.timestamp)
    found.note({"Date": date})
    return found


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("Sun, 01 Mar 2026 12:00:59 GMT", ""),
        ("Sun, 01 Mar 2026 12:01:00 GMT", "this machine is 60 s behind that of the cluster"),
        ("Sun, 01 Mar 2026 11:00:00 GMT", "this machine is 3600 s ahead of that of the cluster"),
        ("not a date", ""),
        ("", ""),
    ],
)
def test_clocks_that_differ_by_a_minute_are_told(date: str, words: str) -> None:
    found = skew(date).words
    assert words in found
    assert bool(words) == bool(found)


def test_the_cluster_tells_the_time() -> None:
    assert skew("Sun, 01 Mar 2026 13:30:00 GMT").now() == NOON.replace(hour=13, minute=30)
