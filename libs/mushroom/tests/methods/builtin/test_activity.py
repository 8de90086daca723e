"""Sessions, active users, and who comes and goes."""

from typing import Any

import pytest

SPRING = {"since": "2024-03-30", "until": "2024-04-02"}
"""Around the night in which clocks in Berlin go from 2:00 to 3:00."""


def test_a_session_ends_after_a_longer_gap(ask: Any) -> None:
    rows = [
        ("who", "at"),
        (1, "2024-03-30 10:00:00"),
        (1, "2024-03-30 10:00:00"),
        (1, "2024-03-30 10:30:00"),
        (1, "2024-03-30 11:00:01"),
        (2, "2024-03-30 10:15:00"),
        (2, "2024-04-02 00:00:00"),
    ]
    assert ask("sessions", {"events": rows}, **SPRING) == [
        (1, 1, "2024-03-30 10:00+01", "2024-03-30 10:30+01", 3, 1800),
        (1, 2, "2024-03-30 11:00:01+01", "2024-03-30 11:00:01+01", 1, 0),
        (2, 1, "2024-03-30 10:15+01", "2024-03-30 10:15+01", 1, 0),
    ]


def test_a_skipped_hour_is_no_gap(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-03-31 01:50"), (1, "2024-03-31 03:10")]
    assert ask("sessions", {"events": rows}, **SPRING) == [
        (1, 1, "2024-03-31 01:50+01", "2024-03-31 03:10+02", 2, 1200)
    ]


def test_seconds_are_whole_ones(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-03-30 10:00:00.900"), (1, "2024-03-30 10:00:02.100")]
    [row] = ask("sessions", {"events": rows}, **SPRING)
    assert row[-1] == 1


def test_sessions_and_active_users_before_1970(ask: Any) -> None:
    """Berlin had no summer time in 1969; the turn of the count lies within the last session."""
    rows = [
        ("who", "at"),
        (1, "1969-07-20 20:17:40.500"),
        (1, "1969-07-20 20:47:40"),
        (1, "1970-01-01 00:50"),
        (1, "1970-01-01 01:10"),
    ]
    times = {"since": "1969-01-01", "until": "1970-02-01"}
    assert ask("sessions", {"events": rows}, **times) == [
        (1, 1, "1969-07-20 20:17:40.500000+01", "1969-07-20 20:47:40+01", 2, 1799),
        (1, 2, "1970-01-01 00:50+01", "1970-01-01 01:10+01", 2, 1200),
    ]
    assert ask("active_users", {"events": rows}, period="week", **times) == [
        ("1969-07-14", 1, 2),
        ("1969-12-29", 1, 2),
    ]


def test_no_event_no_session(ask: Any) -> None:
    assert ask("sessions", {"events": [("who", "at")]}, **SPRING) == []


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (
            "day",
            [("2024-03-30", 1, 1), ("2024-03-31", 2, 3), ("2024-04-01", 1, 1)],
        ),
        ("week", [("2024-03-25", 2, 4), ("2024-04-01", 1, 1)]),
        ("month", [("2024-03-01", 2, 4), ("2024-04-01", 1, 1)]),
    ],
)
def test_active_users(ask: Any, period: str, expected: list[Any]) -> None:
    rows = [
        ("who", "at"),
        (1, "2024-03-30 23:59"),
        (1, "2024-03-31 00:00"),
        (1, "2024-03-31 23:59"),
        (2, "2024-03-31 12:00"),
        (2, "2024-04-01 00:00"),
        (3, "2024-04-02 00:00"),
    ]
    assert ask("active_users", {"events": rows}, period=period, **SPRING) == expected


def test_who_comes_returns_and_goes(ask: Any) -> None:
    rows = [
        ("who", "at"),
        (1, "2023-12-15"),
        (1, "2024-01-15"),
        (2, "2024-01-31 23:59"),
        (2, "2024-04-01 00:00"),
        (3, "2024-02-10"),
    ]
    found = ask("user_lifecycle", {"events": rows}, since="2024-01-01", until="2024-05-01")
    assert found == [
        ("2024-01-01", 2, 1, 1, 0),  # 2 is new, 1 returns
        ("2024-02-01", 1, 1, 0, 2),  # 3 is new, 1 and 2 lapse
        ("2024-03-01", 0, 0, 0, 1),  # 3 lapses
        ("2024-04-01", 1, 0, 1, 0),  # 2 returns after months
    ]


def test_weeks_and_days_of_coming_and_going(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-03-31 23:30"), (1, "2024-04-01 00:30")]
    time = {"since": "2024-03-25", "until": "2024-04-03"}
    assert ask("user_lifecycle", {"events": rows}, period="week", **time) == [
        ("2024-03-25", 1, 1, 0, 0),
        ("2024-04-01", 1, 0, 1, 0),
    ]
    assert ask("user_lifecycle", {"events": rows}, period="day", **time) == [
        ("2024-03-31", 1, 1, 0, 0),
        ("2024-04-01", 1, 0, 1, 0),
        ("2024-04-02", 0, 0, 0, 1),
    ]


def test_a_period_that_is_cut_short_ends_before_its_end(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-03-31 12:00"), (2, "2024-03-31 11:59")]
    found = ask(
        "user_lifecycle",
        {"events": rows},
        since="2024-03-31",
        until="2024-03-31 12:00",
        period="day",
    )
    assert found == [("2024-03-31", 1, 1, 0, 0)]


def test_the_span_of_a_log_reaches_from_its_first_to_its_last_event(ask: Any) -> None:
    rows = [
        ("who", "at"),
        (2, "2024-03-31 03:10"),
        (1, "2024-03-30 10:00"),
        (1, "2024-03-31 01:50"),
        (3, None),
    ]
    assert ask("event_span", {"events": rows}) == [("2024-03-30 10:00+01", "2024-03-31 03:10+02")]


def test_a_log_without_events_has_no_span(ask: Any) -> None:
    assert ask("event_span", {"events": [("who", "at")]}) == [(None, None)]
