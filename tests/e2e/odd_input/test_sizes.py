"""Populations of one, of ten and of many, in more shards than there are people."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from variants import change, people, predictions, quick_shop, run

SHARDS = 16


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models are trained once; what changes is whom they score."""
    return quick_shop(tmp_path_factory.mktemp("sizes"))


@pytest.fixture(scope="module")
def first(case: Path) -> dict[str, Any]:
    return scored(case, 1)


def scored(case: Path, size: int) -> dict[str, Any]:
    people(case, {"customer": np.arange(size), "shoe": np.arange(size) % 9})
    change(case, lambda fields: fields["score"].update(shards=SHARDS))
    return run(case)


def test_one(first: dict[str, Any]) -> None:
    assert predictions(first)["entity_id"].to_pylist() == [0]
    assert first["data"]["population"]["constant_columns"] == []


@pytest.mark.parametrize("size", [10, 20_000])
def test_as_many_as_there_are(case: Path, first: dict[str, Any], size: int) -> None:
    found = scored(case, size)

    assert found["stages"]["training"]["computed"] == 0
    rows = predictions(found)
    assert sorted(rows["entity_id"].to_pylist()) == list(range(size))
    # Whoever else is scored changes nobody's score.
    scores = dict(zip(rows["entity_id"].to_pylist(), rows["ordered"].to_pylist(), strict=True))
    assert scores[0] == predictions(first)["ordered"][0].as_py()
