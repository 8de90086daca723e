"""What is known of the entities, now and in the past."""

from typing import Any

HISTORY = [
    ("who", "valid_from", "country", "age"),
    (1, "2024-01-01", "DE", 30),
    (1, "2024-03-01", "FR", 31),
    (2, "2024-02-01", "IT", 40),
    (2, "2024-02-01", "AT", 41),
    (3, "2024-12-01", "US", None),
    (None, "2024-01-01", "XX", 1),
    (4, None, "XX", 1),
]


def test_attributes_as_of_a_time(ask: Any) -> None:
    assert ask("users_as_of", {"users": HISTORY}, as_of="2024-02-29T23:59:59") == [
        (1, "2024-01-01 00:00+01", "DE", 30),
        (2, "2024-02-01 00:00+01", "AT", 41),  # of two at one moment, the smaller JSON
    ]


def test_a_version_counts_from_its_very_moment(ask: Any) -> None:
    [first, _] = ask("users_as_of", {"users": HISTORY}, as_of="2024-03-01")
    assert first == (1, "2024-03-01 00:00+01", "FR", 31)


def test_nobody_is_known_before_the_first_version(ask: Any) -> None:
    assert ask("users_as_of", {"users": HISTORY}, as_of="1969-07-20") == []


def test_times_before_1970(ask: Any) -> None:
    rows = [("who", "valid_from", "country"), (1, "1950-01-01", "DE"), (1, "1970-01-02", "FR")]
    assert ask("users_as_of", {"users": rows}, as_of="1969-12-31") == [
        (1, "1950-01-01 00:00+01", "DE")
    ]


def test_history_has_no_gap_and_no_overlap(ask: Any) -> None:
    assert ask("attribute_history", {"users": HISTORY}) == [
        (1, "2024-01-01 00:00+01", "DE", 30, "2024-03-01 00:00+01"),
        (1, "2024-03-01 00:00+01", "FR", 31, None),
        (2, "2024-02-01 00:00+01", "IT", 40, "2024-02-01 00:00+01"),
        (2, "2024-02-01 00:00+01", "AT", 41, None),
        (3, "2024-12-01 00:00+01", "US", None, None),
    ]


def test_ties_are_told_by_their_values_whatever_their_order(ask: Any) -> None:
    names, *rows = HISTORY
    again = [names, *reversed(rows)]
    for method, asked in (("attribute_history", {}), ("users_as_of", {"as_of": "2024-06-01"})):
        assert ask(method, {"users": again}, **asked) == ask(method, {"users": HISTORY}, **asked)


def test_users_as_they_stand(ask: Any) -> None:
    rows = [("who", "country"), (2, "FR"), (1, "DE"), (None, "XX"), (3, None)]
    assert ask("users", {"users": rows}) == [(1, "DE"), (2, "FR"), (3, None)]
