from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from yule_models.drift import find_drift

START = datetime(2024, 1, 1, tzinfo=UTC)


def rows(
    size: int, *, seed: int = 0, month: int = 0, shift: float = 0.0, **columns: Any
) -> pa.Table:
    """Entities with a number that says nothing, and one whose mean is `shift`."""
    random = np.random.default_rng(seed)
    return pa.table(
        {
            "entity_id": pa.array(np.arange(size)),
            "as_of": pa.array([START + timedelta(days=30 * month)] * size),
            "noise": random.normal(size=size),
            "age": random.normal(loc=shift, size=size),
            **columns,
        }
    )


def test_rows_of_one_kind_are_not_told_apart() -> None:
    found = find_drift(rows(800), rows(600, seed=1), seed=0)

    assert found["auc"] == pytest.approx(0.5, abs=0.06)
    assert (found["usual_auc"], found["drifted"]) == (None, [])
    assert found["rows"] == {"training": 800, "population": 600}
    assert all(row["distance"] < 0.2 for row in found["features"])


def test_what_has_moved_is_told() -> None:
    found = find_drift(rows(800), rows(600, seed=1, shift=3), seed=0)

    assert found["auc"] > 0.95
    assert found["drifted"] == ["age"]
    first = found["features"][0]
    assert (first["feature"], first["usual_distance"]) == ("age", None)
    assert first["distance"] > 0.8
    assert first["training"]["typical"] == pytest.approx(0, abs=0.2)
    assert first["population"] == {"typical": pytest.approx(3, abs=0.2), "missing": 0.0}


def test_what_moves_all_the_time_is_usual() -> None:
    months = [rows(300, seed=month, month=month, shift=2.0 * month) for month in range(5)]

    found = find_drift(pa.concat_tables(months), rows(300, seed=9, month=5, shift=10), seed=0)

    assert found["rows"]["training"] == 300
    assert found["auc"] == pytest.approx(found["usual_auc"], abs=0.1)
    assert found["auc"] > 0.85
    assert found["drifted"] == []
    jump = find_drift(pa.concat_tables(months), rows(300, seed=9, month=5, shift=99), seed=0)
    assert jump["drifted"] == ["age"]


def test_many_small_moves_set_the_rows_apart() -> None:
    """No feature has moved far, and yet a model tells nearly all rows apart."""

    def columns(seed: int, shift: float = 0.0) -> dict[str, Any]:
        values = np.random.default_rng(seed).normal(loc=shift, size=(12, 800))
        return {f"f{number}": column for number, column in enumerate(values)}

    one_time = rows(800, **columns(1))
    months = [rows(800, seed=month, month=month, **columns(month)) for month in range(1, 3)]
    for training in (one_time, pa.concat_tables(months)):
        found = find_drift(training, rows(800, seed=9, month=3, **columns(9, shift=1)), seed=0)
        assert (found["drifted"], found["is_apart"]) == ([], True)
        assert found["auc"] > 0.95
        same = find_drift(training, rows(800, seed=9, month=3, **columns(9)), seed=0)
        assert (same["drifted"], same["is_apart"]) == ([], False)


def test_rows_that_are_always_apart_are_as_usual() -> None:
    months = [rows(300, seed=month, month=month, shift=3.0 * month) for month in range(5)]

    found = find_drift(pa.concat_tables(months), rows(300, seed=9, month=5, shift=15), seed=0)

    assert found["auc"] > 0.95
    assert not found["is_apart"]


def test_what_is_missing_all_at_once_has_drifted() -> None:
    cities = pa.array(["Rome", "Rome", "Oslo"] * 200)
    months = [rows(600, seed=month, month=month, city=cities) for month in range(3)]
    population = rows(600, seed=9, month=3, city=pa.nulls(600))

    found = find_drift(pa.concat_tables(months), population, seed=0)

    assert found["drifted"] == ["city"]
    first = found["features"][0]
    assert first["training"] == {"typical": "Rome", "missing": 0.0}
    assert first["population"] == {"typical": None, "missing": 1.0}


def test_few_rows_say_nothing() -> None:
    found = find_drift(rows(800), rows(49, shift=9), seed=0)

    assert (found["auc"], found["drifted"], found["is_apart"]) == (None, [], False)


def test_the_same_entities_are_in_the_same_half() -> None:
    """A model that knows an entity's habits must not be asked about this entity."""
    random = np.random.default_rng(5)
    own = {"habit": random.normal(size=400)}
    found = find_drift(rows(400, **own), rows(400, seed=1, month=1, **own), seed=0)

    assert found["auc"] == pytest.approx(0.5, abs=0.08)


def test_features_that_one_side_lacks_are_left_out() -> None:
    found = find_drift(rows(100, old=[1] * 100), rows(100, new=[1] * 100), seed=0)

    assert {row["feature"] for row in found["features"]} == {"noise", "age"}
    assert find_drift(rows(100).select(["entity_id", "as_of"]), rows(100), seed=0)["auc"] is None


def test_it_is_the_same_every_time() -> None:
    first, second = (find_drift(rows(500), rows(500, seed=1, shift=1), seed=3) for _ in range(2))

    assert first == second
