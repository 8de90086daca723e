"""Samples that everybody draws alike."""

import hashlib
from typing import Any

MANY = [("who", "at"), *((i, "2024-01-01") for i in range(2000)), (1, "2024-01-01")]


def place(entity: int | str, seed: str) -> int:
    """What the method's page promises, written without SQL."""
    return int(digest(f"{seed}:{entity}")[:15], 16) % 1_000_000


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_a_sample_is_decided_by_seed_and_id(ask: Any) -> None:
    found = ask("population_sample", {"events": MANY}, until="2024-01-02", share=0.1, seed="a")
    wanted = [(i, place(i, "a")) for i in range(2000) if place(i, "a") < 100_000]
    assert found == wanted
    assert 150 < len(wanted) < 250


def test_a_smaller_sample_lies_within_a_larger(ask: Any) -> None:
    large = ask("population_sample", {"events": MANY}, until="2024-01-02", share=0.2)
    small = ask("population_sample", {"events": MANY}, until="2024-01-02", share=0.05)
    assert set(small) < set(large)
    other = ask("population_sample", {"events": MANY}, until="2024-01-02", share=0.05, seed="b")
    assert set(other) != set(small)


def test_all_nobody_and_those_who_come_later(ask: Any) -> None:
    rows = [("who", "at"), (1, "2024-01-01"), (2, "2024-01-02")]
    assert [
        row[0] for row in ask("population_sample", {"events": rows}, until="2024-01-02", share=1)
    ] == [1]
    assert ask("population_sample", {"events": rows}, until="2024-01-02", share=0) == []


def test_texts_are_hashed_as_they_are(ask: Any) -> None:
    rows = [("who", "at"), ("ä", "2024-01-01"), ("🍄", "2024-01-01")]
    found = ask("population_sample", {"events": rows}, until="2024-01-02", share=1)
    assert found == [("ä", place("ä", "0")), ("🍄", place("🍄", "0"))]


def test_so_many_of_each_stratum(ask: Any) -> None:
    rows = [
        ("who", "stratum"),
        *((i, "DE") for i in range(20)),
        *((i, "FR") for i in range(20, 22)),
        (22, None),
        (0, "AT"),  # a second row: the smaller stratum counts
    ]
    found = ask("stratified_sample", {"users": rows}, per_stratum=3)
    german = sorted(sorted(range(1, 20), key=lambda i: digest(f"0:{i}"))[:3])
    wanted = [(0, "AT"), *((i, "DE") for i in german), (20, "FR"), (21, "FR"), (22, None)]
    assert found == sorted(wanted, key=lambda row: row[0])
