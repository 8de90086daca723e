"""A trial on real fits: what it sees of a fold, and what it does not."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from yule_models import Target
from yule_models.errors import DivergenceError
from yule_models.fold_rows import FoldRows
from yule_models.folds import assign_folds, split_fold
from yule_models.search import (
    SearchError,
    chosen_trial,
    run_trial,
    search_space,
    trials_seen,
)

ROWS = 400
TARGET = Target(name="purchased")
MODEL = {"name": "tuned", "kind": "gbdt", "params": {"rounds": 30, "crosses": 0}}
SPACE = search_space("gbdt")


def tables() -> tuple[pa.Table, pa.Table]:
    """Whether somebody purchases depends on the product of two features."""
    random = np.random.default_rng(3)
    keys = {
        "entity_id": np.arange(ROWS),
        "as_of": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * ROWS, pa.timestamp("us", "UTC")),
    }
    first, second = random.normal(size=(2, ROWS))
    purchased = (first * second + 0.3 * random.normal(size=ROWS) > 0).astype(np.int64)
    spend = 10 * first + random.normal(size=ROWS)
    features = pa.table({**keys, "first": first, "second": second})
    return features, pa.table({**keys, "purchased": purchased, "spend": spend})


FEATURES, LABELS = tables()
FOLDS = assign_folds(LABELS, {"kind": "stratified", "folds": 4}, seed=0)


def trial(number: int = 0, **options: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "fold": 1,
        "model": MODEL,
        "space": SPACE,
        "earlier": [],
        "targets": [TARGET],
        "seed": 0,
        "threads": 1,
    }
    labels = options.pop("labels", LABELS)
    return run_trial(FEATURES, labels, FOLDS, number=number, **{**arguments, **options})


def flipped(rows: np.ndarray) -> pa.Table:
    values = LABELS["purchased"].to_numpy().copy()
    values[rows] = 1 - values[rows]
    return LABELS.set_column(2, "purchased", pa.array(values))


def test_trials_of_a_round_learn_from_the_rounds_before() -> None:
    seen = [trials_seen(number) for number in range(18)]
    assert seen == [0] * 8 + [8] * 4 + [12] * 4 + [16] * 2


def test_the_first_trial_is_of_the_defaults() -> None:
    found = trial()
    # Below 10,000 rows; see the kind's parameters.
    expected = {"learning_rate": 0.01, "num_leaves": 8, "min_data_in_leaf": 20}
    expected |= {"feature_fraction": 0.7, "bagging_fraction": 0.8, "lambda_l2": 1.0}
    assert found["params"] == expected
    narrow = search_space("gbdt", ranges={"num_leaves": [10, 20], "learning_rate": [0.001, 0.005]})
    params = trial(space=narrow)["params"]
    assert (params["num_leaves"], params["learning_rate"]) == (10, 0.005)


def test_a_trial_is_the_same_again_and_others_differ() -> None:
    assert trial(3) == trial(3)
    assert trial(3)["params"] != trial(4)["params"] != trial(4, fold=2)["params"]
    assert 0 < trial(3)["loss"] < 1


def test_a_trial_sees_no_row_that_the_fold_validates() -> None:
    held = split_fold(FOLDS, 1).validation
    assert trial(2, labels=flipped(held)) == trial(2)


def test_a_trial_is_judged_on_rows_that_it_has_not_learned_from() -> None:
    """Other outcomes of the rows set aside change the loss, and not what is learned from others."""
    rows = FoldRows.of(FEATURES, LABELS, FOLDS, fold=1, model=MODEL, targets=[TARGET], seed=0)
    assert not set(rows.set_aside) & set(rows.learned_from)
    assert len(rows.set_aside) == pytest.approx(0.15 * 300, abs=2)
    linear = {"model": {"name": "line", "kind": "linear"}, "space": search_space("linear")}
    features = {**linear, "number": 0}
    before = trial(**features)
    noise = flipped(rows.set_aside[::2])
    assert trial(**features, labels=noise)["params"] == before["params"]
    assert trial(**features, labels=noise)["loss"] != before["loss"]


def test_refitting_is_left_out_of_trials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or trees would learn from the very rows that judge them."""
    seen = []
    fit = FoldRows.fit

    def spy(self: FoldRows, model: dict[str, Any], **options: Any) -> Any:
        seen.append(model["params"]["refit"])
        return fit(self, model, **options)

    monkeypatch.setattr(FoldRows, "fit", spy)
    trial()
    assert seen == [False]


def test_targets_count_alike_whatever_their_units() -> None:
    targets = [TARGET, Target(name="spend", kind="regression")]
    both = trial(targets=targets)["loss"]
    alone = [trial(targets=[target])["loss"] for target in targets]
    # The rows set aside differ with the targets that they are chosen by.
    assert both == pytest.approx(np.mean(alone), abs=0.15)
    assert alone[1] < 0.9


def test_a_trial_that_diverges_is_noted_and_a_search_of_such_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def diverge(*_: Any, **__: Any) -> None:
        raise DivergenceError("the loss is no longer a number.")

    monkeypatch.setattr(FoldRows, "fit", diverge)
    found = trial(1)
    assert (found["loss"], found["without"]) == (None, [])
    assert found["failure"] == "the loss is no longer a number."
    with pytest.raises(SearchError, match="None of 1 trials came to an end: the loss is no longer"):
        chosen_trial([found])


def test_rows_must_be_set_aside_to_judge_by() -> None:
    """A single entity of each class has no company to be set aside from."""
    keep = [0, 1]
    features, labels = FEATURES.take(keep), LABELS.take(keep)
    labels = labels.set_column(2, "purchased", pa.array([0, 1]))
    folds = labels.select(["entity_id", "as_of"])
    folds = folds.append_column("fold", pa.array([-1, -1], pa.int32()))
    folds = folds.append_column("label_end", pa.nulls(2, pa.timestamp("us", "UTC")))
    more = pa.concat_tables([folds, folds])
    fold = pa.array([-1, -1, 0, 0], pa.int32())
    more = more.set_column(2, "fold", fold).set_column(0, "entity_id", pa.array([0, 1, 2, 3]))
    doubled = [pa.concat_tables([table, table]) for table in (features, labels)]
    features, labels = (t.set_column(0, "entity_id", more["entity_id"]) for t in doubled)
    with pytest.raises(SearchError, match="Fold 0 sets no row with a label aside"):
        run_trial(
            features,
            labels,
            more,
            fold=0,
            model={"name": "line", "kind": "linear"},
            space=search_space("linear"),
            number=0,
            earlier=[],
            targets=[TARGET],
            seed=0,
            threads=1,
        )
