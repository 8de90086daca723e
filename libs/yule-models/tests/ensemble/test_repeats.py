"""Out-of-fold predictions of several repeats: averaged, and judged by a blend that is honest."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from yule_models.ensemble import EnsembleError, EnsembleOptions, ModelOof, fit_ensemble, gather_oof
from yule_models.ensemble.target_fit import fit_target
from yule_models.folds import assign_folds, assignments, split_fold
from yule_models.targets import Target

TARGET = Target(name="purchased")
ROWS = 240


def labels(rows: int = ROWS) -> pa.Table:
    random = np.random.default_rng(3)
    times = pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * rows, pa.timestamp("us", "UTC"))
    outcomes = random.permutation(np.arange(rows) % 2)
    return pa.table({"entity_id": np.arange(rows), "as_of": times, "purchased": outcomes})


def divided(rows: pa.Table, *, folds: int = 3, repeats: int = 2) -> pa.Table:
    scheme = {"kind": "stratified", "folds": folds, "repeats": repeats}
    return assign_folds(rows, scheme, seed=0)


def of_fold(folds: pa.Table, fold: int, values: np.ndarray) -> pa.Table:
    """What a fit of this fold stores, where it predicts `values` of all rows."""
    held = split_fold(folds, fold).validation
    kept = folds.take(pa.array(held)).select(["entity_id", "as_of"])
    return kept.append_column("purchased", pa.array(values[held], pa.float64()))


def test_a_row_has_the_mean_of_the_models_that_have_not_seen_it() -> None:
    rows = labels(12)
    folds = divided(rows)
    tables = {fold: of_fold(folds, fold, np.full(12, 0.1 * fold)) for fold in range(6)}
    found = gather_oof(tables, folds, [TARGET], model="m")
    first, second = assignments(folds)
    assert found[:, 0].tolist() == pytest.approx((0.1 * (first + second) / 2).tolist())


def test_a_fold_of_any_repeat_must_be_there() -> None:
    folds = divided(labels(12))
    tables = {fold: of_fold(folds, fold, np.full(12, 0.5)) for fold in range(5)}
    with pytest.raises(
        EnsembleError, match=r"fitted on the folds \[0, 1, 2, 3, 4\], but there are"
    ):
        gather_oof(tables, folds, [TARGET], model="m")


def models(outcomes: np.ndarray) -> list[ModelOof]:
    """Five models that know a little, each by itself."""
    random = np.random.default_rng(1)
    found = []
    for name in "abcde":
        scores = 0.3 * (outcomes - 0.5) + random.normal(size=len(outcomes))
        predictions = (1 / (1 + np.exp(-scores)))[:, None]
        found.append(ModelOof(name=name, is_candidate=True, predictions=predictions))
    return found


@pytest.mark.parametrize("method", ["greedy", "stacking", "rank_mean"])
@pytest.mark.parametrize("calibration", ["auto", "isotonic"])
def test_no_row_is_judged_by_a_blend_that_has_seen_its_fold(method: str, calibration: str) -> None:
    rows = labels()
    fold = assignments(divided(rows))
    outcomes = rows["purchased"].to_numpy().astype(float)
    held = fold[0] == 1
    options = EnsembleOptions(method=method, calibration=calibration)  # type: ignore[arg-type]

    def judged(answers: np.ndarray) -> np.ndarray:
        fit = fit_target(
            TARGET,
            models=models(outcomes),
            outputs=slice(0, 1),
            labels=answers,
            fold=fold,
            options=options,
        )
        return fit.predictions

    before, after = judged(outcomes), judged(np.where(held, 1 - outcomes, outcomes))
    assert (before[held] == after[held]).all()
    assert (before[~held] != after[~held]).any()


def test_the_spread_is_over_the_folds_of_all_repeats() -> None:
    rows = labels()
    folds = divided(rows)
    own = models(rows["purchased"].to_numpy().astype(float))
    fit = fit_ensemble(own, rows, folds, [TARGET], {})
    report = fit.metrics["targets"]["purchased"]
    assert report["fold_repeats"] == 2
    for scores in (report["ensemble"], *report["models"].values()):
        assert [entry["fold"] for entry in scores["folds"]] == [0, 1, 2, 3, 4, 5]
        assert [entry["rows"] for entry in scores["folds"]] == [80] * 6
        values = [entry["auc"] for entry in scores["folds"]]
        assert scores["mean"]["auc"] == pytest.approx(np.mean(values))
        assert scores["std"]["auc"] == pytest.approx(np.std(values, ddof=1))
    assert fit.oof.num_rows == ROWS
    assert fit.oof["fold"] == folds["fold"]


def test_a_single_repeat_says_nothing_of_repeats() -> None:
    rows = labels()
    own = models(rows["purchased"].to_numpy().astype(float))
    fit = fit_ensemble(own, rows, divided(rows, repeats=1), [TARGET], {})
    assert "fold_repeats" not in fit.metrics["targets"]["purchased"]
