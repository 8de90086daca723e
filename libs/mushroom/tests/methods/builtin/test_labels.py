"""Label builders look strictly after `as_of`, and only where the outcome is known."""

from typing import Any

VISITS = [
    ("who", "at"),
    (1, "2024-01-01 00:00"),
    (1, "2024-01-05 12:00"),
    (2, "2023-12-25 00:00"),  # 7 days before: no longer active
    (3, "2023-12-25 00:01"),
    (4, "2024-01-01 00:01"),
]
TIMES = {
    "as_of": ["2024-01-01", "2024-01-05"],
    "horizon_days": 7,
    "active_days": 7,
    "known_until": "2024-01-11",
}


def test_did_it_happen(ask: Any) -> None:
    orders = [
        ("who", "at"),
        (1, "2024-01-01 00:00"),  # at as_of itself: not after it
        (3, "2024-01-08 00:00"),  # at the very end of the horizon
        (3, "2024-01-08 00:00"),
        (4, "2024-01-02 00:00"),  # not active by then
    ]
    found = ask("label_event", {"population": VISITS, "events": orders}, **TIMES)
    assert found == [(1, "2024-01-01 00:00+01", False), (3, "2024-01-01 00:00+01", True)]


def test_a_horizon_that_just_ended_is_known(ask: Any) -> None:
    times = {**TIMES, "known_until": "2024-01-12"}
    found = ask("label_event", {"population": VISITS, "events": VISITS}, **times)
    assert found == [
        (1, "2024-01-01 00:00+01", True),
        (1, "2024-01-05 00:00+01", True),
        (3, "2024-01-01 00:00+01", False),
        (4, "2024-01-05 00:00+01", False),
    ]


def test_did_it_stop(ask: Any) -> None:
    found = ask("label_stopped", {"events": VISITS}, **TIMES)
    assert found == [(1, "2024-01-01 00:00+01", False), (3, "2024-01-01 00:00+01", True)]


def test_a_day_is_24_hours_when_clocks_change(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-03-30 12:00"), (1, "2024-03-31 13:00")]
    times = {"active_days": 7, "known_until": "2024-05-01", "as_of": ["2024-03-30 12:00"]}
    assert ask("label_stopped", {"events": rows}, horizon_days=1, **times) == [
        (1, "2024-03-30 12:00+01", False)  # 13:00 in summer is 24 hours later
    ]


def test_labels_of_times_before_1970(ask: Any) -> None:
    visits = [("who", "at"), (1, "1969-12-30 12:00"), (2, "1969-12-31 00:00")]
    bought = [("who", "at"), (1, "1970-01-02 12:00"), (2, "1969-12-31 00:00")]
    times = {"as_of": ["1969-12-31"], "horizon_days": 7, "known_until": "1970-02-01"}
    asked = {"population": visits, "events": bought}
    assert ask("label_event", asked, active_days=7, **times) == [
        (1, "1969-12-31 00:00+01", True),
        (2, "1969-12-31 00:00+01", False),
    ]


def test_nobody_active_no_labels(ask: Any) -> None:
    empty = [("who", "at")]
    assert ask("label_stopped", {"events": empty}, **TIMES) == []
    assert ask("label_event", {"population": empty, "events": VISITS}, **TIMES) == []


def test_what_was_answered(ask: Any) -> None:
    rows = [
        ("who", "at", "question", "answer"),
        (1, "2024-01-01 10:00", "in favour?", "yes"),
        (2, "2024-01-01 10:00", "in favour?", "no"),
        (2, "2024-01-02 10:00", "in favour?", "rather yes"),  # the latest counts
        (3, "2024-01-01 10:00", "in favour?", "yes"),
        (3, "2024-01-01 10:00", "in favour?", "no"),  # at one moment: the smaller text
        (4, "2024-01-01 10:00", "other?", "yes"),
        (5, "2024-01-01 10:00", "in favour?", None),
        (6, "2024-02-01 00:00", "in favour?", "yes"),
        (7, "2024-01-01 00:00", "in favour?", "no"),  # at the very beginning
    ]
    found = ask(
        "label_survey",
        {"answers": rows},
        question="in favour?",
        answers=["yes", "rather yes"],
        since="2024-01-01",
        until="2024-02-01",
    )
    assert found == [
        (1, "2024-01-01 10:00+01", "2024-01-01 09:59:59.999999+01", True),
        (2, "2024-01-02 10:00+01", "2024-01-02 09:59:59.999999+01", True),
        (3, "2024-01-01 10:00+01", "2024-01-01 09:59:59.999999+01", False),
        (7, "2024-01-01 00:00+01", "2023-12-31 23:59:59.999999+01", False),
    ]
