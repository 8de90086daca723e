"""Funnels, and items that go together."""

from typing import Any

TIME = {"since": "2024-01-01", "until": "2024-02-01"}
STEPS = ["view", "cart", "buy"]


def test_a_funnel(ask: Any) -> None:
    rows = [
        ("who", "at", "action"),
        (1, "2024-01-01 10:00", "view"),
        (1, "2024-01-01 11:00", "help"),
        (1, "2024-01-01 12:00", "cart"),
        (1, "2024-01-02 10:00", "buy"),  # at the very end of the window
        (2, "2024-01-01 10:00", "view"),
        (2, "2024-01-01 10:00", "cart"),  # at the same moment: not after it
        (3, "2024-01-01 10:00", "cart"),  # before the view
        (3, "2024-01-01 11:00", "view"),
        (4, "2024-01-01 10:00", "view"),
        (4, "2024-01-05 10:00", "view"),  # this way leads further
        (4, "2024-01-05 11:00", "cart"),
        (4, "2024-01-06 10:01", "buy"),  # too late
        (5, "2024-02-01 00:00", "view"),
        (6, "2024-01-01 00:00", "view"),  # at the very beginning
    ]
    assert ask("funnel", {"events": rows}, steps=STEPS, **TIME) == [
        (1, "view", 5, 1.0),
        (2, "cart", 2, 0.4),
        (3, "buy", 1, 0.2),
    ]


def test_a_funnel_may_ask_for_one_action_again(ask: Any) -> None:
    rows = [
        ("who", "at", "action"),
        (1, "2024-01-01 10:00", "view"),
        (1, "2024-01-01 11:00", "view"),
    ]
    found = ask("funnel", {"events": rows}, steps=["view", "view", "view"], **TIME)
    assert [row[2] for row in found] == [1, 1, 0]


def test_a_funnel_of_five_steps(ask: Any) -> None:
    rows = [("who", "at", "action"), *((1, f"2024-01-01 10:0{i}", f"s{i}") for i in range(6))]
    found = ask("funnel", {"events": rows}, steps=[f"s{i}" for i in range(6)], **TIME)
    assert found == [(i + 1, f"s{i}", 1, 1.0) for i in range(5)]


def test_a_late_step_is_not_taken_wherever_it_stands(ask: Any) -> None:
    rows = [("who", "at", "action"), *((1, f"2024-01-01 1{i}:00", f"s{i}") for i in range(5))]
    for last in range(1, 5):
        found = ask(
            "funnel",
            {"events": rows},
            steps=["s0", "s1", "s2", "s3", "s4"],
            window_hours=last,
            **TIME,
        )
        assert [row[2] for row in found] == [1] * (last + 1) + [0] * (4 - last)


def test_a_funnel_that_nobody_enters(ask: Any) -> None:
    rows = [("who", "at", "action")]
    assert ask("funnel", {"events": rows}, steps=["view", "buy"], **TIME) == [
        (1, "view", 0, None),
        (2, "buy", 0, None),
    ]


BASKETS = [
    ("who", "at", "item"),
    (1, "2024-01-01", "tea"),
    (1, "2024-01-02", "tea"),
    (1, "2024-01-02", "milk"),
    (2, "2024-01-01", "tea"),
    (2, "2024-01-01", "milk"),
    (2, "2024-01-01", "bread"),
    (3, "2024-01-01", "bread"),
    (3, "2024-02-01", "tea"),
    (3, "2024-01-01", None),
]


def test_co_viewed_items(ask: Any) -> None:
    assert ask("co_viewed_items", {"events": BASKETS}, **TIME) == [
        ("milk", "tea", 2, 2, 1.0),
        ("tea", "milk", 2, 2, 1.0),
    ]
    assert ask("co_viewed_items", {"events": BASKETS}, min_entities=1, **TIME)[2:] == [
        ("bread", "milk", 1, 2, 0.5),
        ("bread", "tea", 1, 2, 0.5),
        ("milk", "bread", 1, 2, 0.5),
        ("tea", "bread", 1, 2, 0.5),
    ]


def test_ties_for_the_last_place_go_by_name(ask: Any) -> None:
    found = ask("co_viewed_items", {"events": BASKETS}, min_entities=1, others=1, **TIME)
    assert [row[:2] for row in found] == [("milk", "tea"), ("tea", "milk"), ("bread", "milk")]


def test_whoever_has_too_many_items_is_left_out(ask: Any) -> None:
    found = ask("co_viewed_items", {"events": BASKETS}, min_entities=1, max_items=2, **TIME)
    assert [row[:3] for row in found] == [("milk", "tea", 1), ("tea", "milk", 1)]
