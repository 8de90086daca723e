"""Which trial is taken, and how sure it must be to replace the defaults."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from yule_models import Target
from yule_models.fold_rows import FoldRows
from yule_models.folds import assign_folds
from yule_models.search import chosen_trial, searched_params
from yule_models.search.choosing import errors_to_beat
from yule_models.search.judging import judge, standard_error

MODEL = {"name": "tuned", "kind": "gbdt", "params": {"rounds": 30}}


def trial(number: int, loss: float | None, without: Sequence[float] = ()) -> dict[str, Any]:
    params = {"num_leaves": number}
    return {"number": number, "params": params, "loss": loss, "without": [*without]}


def test_a_single_other_trial_must_be_better_by_a_standard_error() -> None:
    # Without one half of the rows the difference is 0, without the other .2: its error is .1.
    defaults = trial(0, 0.9, [0.8, 1.0])
    within = trial(1, 0.81, [0.8, 0.8])
    assert standard_error(defaults, within) == pytest.approx(0.1)
    assert chosen_trial([defaults, within]) is defaults
    beyond = trial(1, 0.79, [0.8, 0.8])
    assert chosen_trial([defaults, beyond]) is beyond


def test_of_many_trials_the_best_must_be_better_than_luck() -> None:
    """Seven trials of which one is 1.5 errors better: so the best of seven is by chance."""
    defaults = trial(0, 0.9, [0.8, 1.0])
    lucky = trial(1, 0.75, [0.8, 0.8])
    others = [trial(number, 0.9, [0.8, 1.0]) for number in range(2, 8)]
    assert chosen_trial([defaults, lucky])["number"] == 1
    assert chosen_trial([defaults, lucky, *others])["number"] == 0
    assert 1.9 < errors_to_beat(8) < 2.1
    sure = trial(1, 0.69, [0.8, 0.8])
    assert chosen_trial([defaults, sure, *others])["number"] == 1


def test_of_trials_that_are_surely_better_the_best_is_taken_and_of_equals_the_earliest() -> None:
    defaults = trial(0, 0.9, [0.9, 0.9])
    sure, equal = (trial(number, 0.8, [0.8, 0.8]) for number in (2, 3))
    luckier = trial(1, 0.7, [0.3, 0.9])
    assert standard_error(defaults, luckier) > 0.2
    assert chosen_trial([defaults, luckier, equal, trial(4, None), sure])["number"] == 2
    params = searched_params(MODEL, [defaults, sure])["params"]
    assert params == {"rounds": 30, "num_leaves": 2}


def test_rows_of_a_single_entity_tell_nothing_apart() -> None:
    assert chosen_trial([trial(0, 0.9), trial(1, 0.1)])["number"] == 0


def test_where_the_defaults_diverged_the_best_of_the_others_is_taken() -> None:
    assert chosen_trial([trial(0, None), trial(1, 0.9), trial(2, 0.8)])["number"] == 2


def set_aside(entities: Sequence[int], **targets: Sequence[float]) -> tuple[FoldRows, pd.DataFrame]:
    """The rows of a fold, and the answers of those that it sets aside."""
    n = len(entities)
    times = [datetime(2024, 1, 1 + row % 28, tzinfo=UTC) for row in range(n)]
    keys = {"entity_id": pa.array(entities), "as_of": pa.array(times, pa.timestamp("us", "UTC"))}
    columns = {name: pa.array(values, from_pandas=True) for name, values in targets.items()}
    labels = pa.table({**keys, **columns})
    found = FoldRows.of(
        pa.table({**keys, "one": np.ones(n)}),
        labels,
        assign_folds(labels, {"kind": "grouped", "folds": 2}, seed=0),
        fold=0,
        model={"name": "line", "kind": "linear"},
        targets=[
            Target(name=name, kind="binary" if name == "bought" else "regression")
            for name in targets
        ],
        seed=0,
    )
    return found, found.of_positions(found.set_aside)[1]


def entities_of(rows: FoldRows) -> list[int]:
    found: list[int] = rows.labels["entity_id"].take(rows.set_aside).to_pylist()
    return found


def test_the_error_of_a_mean_is_that_of_the_textbook() -> None:
    """Where each part is one row, the jackknife is the standard error of a mean."""
    random = np.random.default_rng(0)
    rows, answers = set_aside(range(200), bought=random.integers(0, 2, 200))
    bought = answers["bought"].to_numpy()
    assert 10 < len(bought) <= 20  # no more rows than parts
    both = random.uniform(0.2, 0.8, (2, len(bought)))
    one, other = (-np.log(np.where(bought == 1, each, 1 - each)) for each in both)
    judged = [judge(rows, answers, each[:, None], seed=0) for each in both]
    constant = rows.answers["bought"].iloc[rows.learned_from].mean()
    usual = -np.log(np.where(bought == 1, constant, 1 - constant)).mean()
    assert judged[0][0] == pytest.approx(one.mean() / usual)
    expected = (one - other).std(ddof=1) / np.sqrt(len(bought)) / usual
    found = standard_error(*({"without": without} for _, without in judged))
    # The constant's own loss varies a little too, which the textbook's formula leaves out.
    assert found == pytest.approx(expected, rel=0.05)


def test_rows_of_one_entity_are_in_one_part() -> None:
    """Copies of rows say no more than the rows: the error stays as it was."""
    random = np.random.default_rng(1)
    bought = random.integers(0, 2, 100)
    once = set_aside(range(100), bought=bought)
    twice = set_aside([*range(100)] * 2, bought=[*bought] * 2)
    assert set(entities_of(once[0])) == set(entities_of(twice[0]))
    of_entity = random.uniform(0.2, 0.8, (2, 100, 1))
    errors = [
        standard_error(
            *(
                {"without": judge(rows, answers, each[entities_of(rows)], seed=0)[1]}
                for each in of_entity
            )
        )
        for rows, answers in (once, twice)
    ]
    assert errors[1] == pytest.approx(errors[0])


def test_targets_count_alike_and_rows_without_a_label_of_one_count_for_the_other() -> None:
    random = np.random.default_rng(2)
    spend = np.where(np.arange(120) % 2, random.normal(size=120), np.nan)
    rows, answers = set_aside(range(120), bought=random.integers(0, 2, 120), spend=spend)
    usual = rows.answers["bought"].iloc[rows.learned_from].mean()
    known = np.column_stack([np.full(len(answers), usual), answers["spend"].fillna(0)])
    # Of one target the constant's own log-loss, of the other no error at all.
    loss, without = judge(rows, answers, known, seed=0)
    assert loss == pytest.approx(0.5)
    assert len(without) > 1
    assert without == pytest.approx([0.5] * len(without))
