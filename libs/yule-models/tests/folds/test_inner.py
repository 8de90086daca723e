from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from yule_models.folds import inner_split


def table(entities: list[int], purchased: list[Any], **others: Any) -> pa.Table:
    times = [datetime(2024, 1, 1, 0, row, tzinfo=UTC) for row in range(len(entities))]
    as_of = pa.array(times, pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": entities, "as_of": as_of, "purchased": purchased, **others})


def test_fifteen_percent_of_each_class_are_set_aside() -> None:
    purchased = [1] * 20 + [0] * 40
    inner = inner_split(table(list(range(60)), purchased), seed=0)
    assert inner[:20].sum() == 3
    assert inner[20:].sum() == 6


def test_at_least_one_entity_of_each_class_is_set_aside() -> None:
    inner = inner_split(table([1, 2, 3, 4], [0, 0, 1, 1]), seed=0)
    assert inner[:2].sum() == 1
    assert inner[2:].sum() == 1


def test_a_lone_entity_of_its_class_stays_in_training() -> None:
    assert not inner_split(table([1, 2, 3], [0, 0, 1]), seed=0)[2]


def test_several_targets_share_their_part() -> None:
    """Thirty-two joint cells of five targets, of two entities each or so."""
    random = np.random.default_rng(0)
    answers = (random.random((60, 5)) < [0.1, 0.3, 0.5, 0.5, 0.5]).astype(int)
    others = {f"t{number}": answers[:, number] for number in range(1, 5)}
    inner = inner_split(table(list(range(60)), answers[:, 0].tolist(), **others), seed=0)
    assert 9 <= inner.sum() <= 11
    for target in answers.T:
        for part in (inner, ~inner):
            assert set(target[part]) == {0, 1}


def test_few_amounts_of_one_entity_each_are_set_aside_too() -> None:
    assert inner_split(table(list(range(12)), [float(n) for n in range(12)]), seed=0).sum() == 2
    assert inner_split(table(list(range(12)), list(range(12))), seed=0).sum() == 2
    assert inner_split(table([1, 2, 3], [1.5, 2.5, 9.0]), seed=0).sum() == 1


def test_the_tenths_of_an_amount_are_no_classes() -> None:
    amounts = [float(n) for n in range(30)]
    assert inner_split(table(list(range(30)), amounts), seed=0).sum() == 5


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 1)),
        min_size=1,
        max_size=60,
    ),
    seed=st.integers(0, 5),
)
def test_training_keeps_every_class_of_every_target(
    rows: list[tuple[int, int, int]], seed: int
) -> None:
    entities, *answers = (np.array(column) for column in zip(*rows, strict=True))
    given_table = table(entities.tolist(), answers[0].tolist(), second=answers[1])
    inner = inner_split(given_table, seed=seed)
    held = [len(set(entities[answers[0] == value])) for value in set(answers[0].tolist())]
    if len(held) <= 2 or max(held) > 1:  # else it is an amount
        assert set(answers[0]) == set(answers[0][~inner])
    assert set(answers[1]) == set(answers[1][~inner])
    assert len(set(entities[inner])) <= 0.15 * len(set(entities)) + 0.5 + 6


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=40),
    seed=st.integers(0, 5),
)
def test_no_entity_is_on_both_sides(rows: list[tuple[int, int]], seed: int) -> None:
    entities = np.array([entity for entity, _ in rows])
    inner = inner_split(table(entities.tolist(), [label for _, label in rows]), seed=seed)
    assert not set(entities[inner]) & set(entities[~inner])
    assert not inner.all()
