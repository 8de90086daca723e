from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from yule_models.folds import inner_split


def table(entities: list[int], purchased: list[int]) -> pa.Table:
    times = [datetime(2024, 1, 1, 0, row, tzinfo=UTC) for row in range(len(entities))]
    as_of = pa.array(times, pa.timestamp("us", "UTC"))
    return pa.table({"entity_id": entities, "as_of": as_of, "purchased": purchased})


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


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=40),
    seed=st.integers(0, 5),
)
def test_no_entity_is_on_both_sides(rows: list[tuple[int, int]], seed: int) -> None:
    entities = np.array([entity for entity, _ in rows])
    inner = inner_split(table(entities.tolist(), [label for _, label in rows]), seed=seed)
    assert not set(entities[inner]) & set(entities[~inner])
    assert not inner.all()
