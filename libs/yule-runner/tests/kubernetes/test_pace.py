"""A mean rate, and a few turns in a row after a pause."""

from yule_runner.kubernetes.pace import Pace


def turns(pace: Pace, *, from_s: float, until_s: float) -> int:
    """Take a turn whenever one is due; return how many were."""
    now_s, taken = from_s, 0
    while (now_s := max(now_s, pace.due_s)) < until_s:
        pace.take(now_s)
        taken += 1
    return taken


def test_turns_come_at_the_mean_rate_however_many_are_wanted() -> None:
    pace = Pace(2.0, saved=0)
    assert turns(pace, from_s=100.0, until_s=120.0) == 10


def test_a_pause_saves_some_turns_and_no_more() -> None:
    pace = Pace(1.0, saved=3)
    assert turns(pace, from_s=0.0, until_s=0.5) == 4
    assert turns(pace, from_s=0.5, until_s=10.0) == 9
    assert turns(pace, from_s=12.0, until_s=12.5) == 3
    assert turns(pace, from_s=1000.0, until_s=1000.5) == 4
