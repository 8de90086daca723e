"""Views, clicks, purchases, conversions."""

from decimal import Decimal
from typing import Any

VIEWS = [
    ("who", "at", "item"),
    (1, "2024-01-01 10:00", "tea"),
    (1, "2024-01-02 10:00", "tea"),
    (2, "2024-01-02 11:00", "tea"),
    (2, "2024-01-02 12:00", "milk"),
    (3, "2024-01-03 00:00", "milk"),
    (1, "2024-01-02 13:00", None),
    (None, "2024-01-02 13:00", "tea"),
]
TIME = {"since": "2024-01-01", "until": "2024-01-03"}


def test_article_views(ask: Any) -> None:
    assert ask("article_views", {"views": VIEWS}, **TIME) == [
        ("tea", 3, 2, "2024-01-01 10:00+01", "2024-01-02 11:00+01"),
        ("milk", 1, 1, "2024-01-02 12:00+01", "2024-01-02 12:00+01"),
    ]


def test_article_views_of_enough_viewers(ask: Any) -> None:
    found = ask("article_views", {"views": VIEWS}, min_viewers=2, **TIME)
    assert [row[0] for row in found] == ["tea"]


def test_as_many_views_are_sorted_by_item(ask: Any) -> None:
    rows = [("who", "at", "item"), (1, "2024-01-01", "b"), (1, "2024-01-01", "a")]
    found = ask("article_views", {"views": rows}, **TIME)
    assert [row[:2] for row in found] == [("a", 1), ("b", 1)]


def test_entity_items(ask: Any) -> None:
    assert ask("entity_items", {"events": VIEWS}, **TIME) == [
        (1, "tea", 2, "2024-01-01 10:00+01", "2024-01-02 10:00+01"),
        (2, "milk", 1, "2024-01-02 12:00+01", "2024-01-02 12:00+01"),
        (2, "tea", 1, "2024-01-02 11:00+01", "2024-01-02 11:00+01"),
    ]


def test_event_log(ask: Any) -> None:
    rows = [*VIEWS, (2, "2024-01-02 12:00", "bread")]
    found = ask("event_log", {"events": rows}, since="2024-01-02 12:00", until="2024-01-03")
    assert found == [
        (1, "2024-01-02 13:00+01", None),
        (2, "2024-01-02 12:00+01", "bread"),
        (2, "2024-01-02 12:00+01", "milk"),
    ]


def test_clicks(ask: Any) -> None:
    clicks = [
        ("who", "at", "item"),
        (1, "2024-01-01 10:01", "tea"),
        (1, "2024-01-02 10:01", "tea"),
        (2, "2024-01-02 10:01", "bread"),
    ]
    assert ask("clicks", {"impressions": VIEWS, "clicks": clicks}, **TIME) == [
        ("tea", 3, 2, 1, 2 / 3),
        ("bread", 0, 1, 1, None),  # clicked, and never shown in that time
        ("milk", 1, 0, 0, 0.0),
    ]


def test_purchases(ask: Any) -> None:
    rows = [
        ("who", "at", "amount"),
        (1, "2024-01-01 10:00", 0.1),
        (1, "2024-01-02 10:00", 0.2),
        (2, "2024-01-02 11:00", None),
        (3, "2024-01-03 00:00", 9.0),
    ]
    assert ask("purchases", {"purchases": rows}, **TIME) == [
        (1, 2, Decimal("0.30"), "2024-01-01 10:00+01", "2024-01-02 10:00+01"),
        (2, 1, Decimal("0.00"), "2024-01-02 11:00+01", "2024-01-02 11:00+01"),
    ]


def test_conversions(ask: Any) -> None:
    rows = [
        ("who", "at", "action"),
        (1, "2024-01-01 10:00", "view"),
        (1, "2024-01-01 11:00", "buy"),
        (1, "2024-01-01 12:00", "subscribe"),
        (2, "2024-01-01 12:00", "view"),
        (2, "2024-01-01 13:00", None),
        (3, "2024-01-03 12:00", "buy"),
    ]
    assert ask("conversions", {"events": rows}, actions=["buy", "subscribe"], **TIME) == [
        (1, 3, "2024-01-01 10:00+01", 2, "2024-01-01 11:00+01"),
        (2, 2, "2024-01-01 12:00+01", 0, None),
    ]
