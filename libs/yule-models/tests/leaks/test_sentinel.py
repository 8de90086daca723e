import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from yule_models import Target, assign_folds
from yule_models.alignment import AlignmentError
from yule_models.folds import FoldError
from yule_models.leaks import find_leaks

ROWS = 600
START = datetime(2024, 1, 1, tzinfo=UTC)
BOUGHT = Target(name="bought")


def keys() -> dict[str, Any]:
    times = [START + timedelta(days=30 * (row % 3)) for row in range(ROWS)]
    return {
        "entity_id": np.arange(ROWS) // 3,
        "as_of": pa.array(times, pa.timestamp("us", "UTC")),
    }


def made_up(**answers: Any) -> tuple[pa.Table, np.random.Generator]:
    random = np.random.default_rng(3)
    return pa.table({**keys(), **answers}), random


def honest(random: np.random.Generator, outcome: Any, features: int = 15) -> dict[str, Any]:
    """Features that each know a little of the outcome."""
    return {f"f{n:02d}": outcome + random.normal(0, 3, ROWS) for n in range(features)}


def leaks(features: dict[str, Any], labels: pa.Table, target: Target = BOUGHT) -> dict[str, Any]:
    scheme = {"kind": "grouped", "folds": 3}
    folds = assign_folds(labels, scheme, seed=0)
    found = find_leaks([pa.table({**keys(), **features})], labels, folds, [target])
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    described: dict[str, Any] = found["targets"][target.name]
    return described


OUTCOME = np.random.default_rng(1).integers(0, 2, ROWS)


def test_honest_features_raise_no_suspicion() -> None:
    labels, random = made_up(bought=OUTCOME)
    found = leaks(honest(random, OUTCOME), labels)
    assert found["suspects"] == []
    assert found["features"] == len(found["ranking"]) == 15
    assert 0 <= found["lead"] < found["margin"] == 0.1


@pytest.mark.parametrize(
    "leaking",
    [
        OUTCOME.astype(np.float64),
        -OUTCOME,
        OUTCOME == 1,
        np.where(OUTCOME, "called back", "not reached"),
        # Neither rises nor falls with the outcome.
        np.where(OUTCOME, np.arange(ROWS) % 2 * 20 - 10, 0),
        # Is there only where the outcome is.
        pa.array(np.where(OUTCOME, 1.0, np.nan), from_pandas=True),
    ],
    ids=["equal", "opposite", "boolean", "text", "not monotone", "missing"],
)
def test_a_column_that_knows_the_outcome_is_named(leaking: Any) -> None:
    labels, random = made_up(bought=OUTCOME)
    found = leaks({**honest(random, OUTCOME), "leak": leaking}, labels)
    assert found["suspects"] == ["leak"]
    assert found["ranking"][0] == {"feature": "leak", "score": pytest.approx(1, abs=0.02)}


def test_an_identifier_learns_the_training_rows_and_leads_nothing() -> None:
    labels, random = made_up(bought=OUTCOME)
    identifier = [f"user {row}" for row in range(ROWS)]
    assert leaks({**honest(random, OUTCOME), "id": identifier}, labels)["suspects"] == []


def test_a_missing_label_does_not_count() -> None:
    known = np.arange(ROWS) % 5 > 0
    labels, random = made_up(bought=pa.array(OUTCOME, mask=~known))
    # Wrong wherever the outcome is unknown.
    leaking = np.where(known, OUTCOME, 1 - OUTCOME)
    found = leaks({**honest(random, OUTCOME), "leak": leaking}, labels)
    assert found["ranking"][0] == {"feature": "leak", "score": 1}


def test_a_number_that_is_foretold_by_its_noisy_self() -> None:
    value = np.random.default_rng(2).normal(100, 15, ROWS)
    labels, random = made_up(bought=value)
    features = {f"f{n:02d}": value + random.normal(0, 40, ROWS) for n in range(15)}
    target = Target(name="bought", kind="regression")
    assert leaks(features, labels, target)["suspects"] == []
    found = leaks({**features, "leak": value**2}, labels, target)
    assert found["suspects"] == ["leak"]


def test_a_class_that_is_foretold() -> None:
    choice = np.random.default_rng(2).integers(0, 3, ROWS)
    labels, random = made_up(bought=np.array(["a", "b", "c"])[choice])
    features = {f"f{n:02d}": choice + random.normal(0, 3, ROWS) for n in range(15)}
    target = Target(name="bought", kind="multiclass", classes=("a", "b", "c"))
    assert leaks(features, labels, target)["suspects"] == []
    found = leaks({**features, "leak": (choice + 1) % 3}, labels, target)
    assert found["suspects"] == ["leak"]


def test_each_fold_may_have_features_of_its_own() -> None:
    labels, random = made_up(bought=OUTCOME)
    folds = assign_folds(labels, {"kind": "grouped", "folds": 2}, seed=0)
    features = pa.table({**keys(), **honest(random, OUTCOME), "leak": OUTCOME})
    tables = [features, features.drop_columns(["f03"])]
    found = find_leaks(tables, labels, folds, [BOUGHT])["targets"]["bought"]
    assert found["features"] == 16
    assert found["suspects"] == ["leak"]


def test_tables_for_some_folds_only_are_refused() -> None:
    labels, random = made_up(bought=OUTCOME)
    folds = assign_folds(labels, {"kind": "grouped", "folds": 3}, seed=0)
    features = pa.table({**keys(), **honest(random, OUTCOME)})
    with pytest.raises(FoldError, match="2 tables of features for 3 folds; give one for all"):
        find_leaks([features] * 2, labels, folds, [BOUGHT])


def test_rows_in_another_order_are_refused() -> None:
    labels, random = made_up(bought=OUTCOME)
    folds = assign_folds(labels, {"kind": "grouped", "folds": 3}, seed=0)
    features = pa.table({**keys(), **honest(random, OUTCOME)})
    with pytest.raises(AlignmentError, match="Row 0 of the features"):
        find_leaks([features[::-1]], labels, folds, [BOUGHT])


def test_folds_of_other_rows_are_refused() -> None:
    labels, random = made_up(bought=OUTCOME)
    folds = assign_folds(labels, {"kind": "grouped", "folds": 3}, seed=0)
    features = pa.table({**keys(), **honest(random, OUTCOME)})
    with pytest.raises(AlignmentError, match="Row 0 of the "):
        find_leaks([features], labels, folds[::-1], [BOUGHT])


def test_all_suspects_are_listed_and_the_first_honest_feature() -> None:
    labels, random = made_up(bought=OUTCOME)
    known = {f"leak{n:02d}": OUTCOME + random.normal(0, 0.01, ROWS) for n in range(22)}
    found = leaks({**known, **honest(random, OUTCOME, features=200)}, labels)
    assert set(found["suspects"]) == set(known)
    assert len(found["ranking"]) == 23


@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_rows_count_by_their_weights(kind: str) -> None:
    random = np.random.default_rng(3)
    outcome = random.integers(2, size=ROWS).astype(np.float64)
    labels = pa.table({**keys(), "bought": outcome})
    # It knows the outcome of the first half of the rows only.
    half = np.arange(ROWS) < ROWS // 2
    features = {"half": np.where(half, outcome, random.random(ROWS))}
    target = Target(name="bought", kind=kind)  # type: ignore[arg-type]

    def score(weights: Any) -> float:
        weighed = (
            labels if weights is None else labels.append_column("row_weight", pa.array(weights))
        )
        return float(leaks(features, weighed, target)["ranking"][0]["score"])

    assert score(np.full(ROWS, 7.0)) == pytest.approx(score(None))
    assert score(np.where(half, 5.0, 500.0)) < score(None) < score(np.where(half, 50.0, 0.5))
