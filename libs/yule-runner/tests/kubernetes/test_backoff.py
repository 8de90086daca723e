"""How a driver waits for an API server that is away."""

from __future__ import annotations

from itertools import accumulate, takewhile

from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.backoff import Backoff
from yule_runner.kubernetes.errors import ApiUnavailable

PATIENCE = Patience()


def test_ten_minutes_take_few_attempts_and_no_pause_grows_beyond_a_limit() -> None:
    backoff = Backoff(PATIENCE, "a")
    pauses = [backoff.next_s() for _ in range(100)]

    attempts = list(takewhile(lambda passed_s: passed_s < 600, accumulate(pauses)))

    assert 5 < len(attempts) < 20
    assert pauses[0] < 2 * PATIENCE.first_backoff_s
    assert max(pauses) <= 1.2 * PATIENCE.longest_backoff_s
    backoff.reset()
    assert backoff.next_s() < 2 * PATIENCE.first_backoff_s


def test_a_server_that_names_a_time_is_obeyed_and_drivers_come_apart() -> None:
    asked = ApiUnavailable("busy", retry_after_s=45)
    pauses = {Backoff(PATIENCE, run).next_s(asked) for run in "abc"}
    assert all(45 <= pause_s <= 54 for pause_s in pauses)
    assert len(pauses) == 3
