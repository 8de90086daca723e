"""A row of weight 3 counts as three rows; scaled weights count the same."""

import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score
from yule_models.metrics import evaluate, headline_metric, loss_of, target_curves
from yule_models.metrics.ranking import lift_at, precision_at
from yule_models.targets import Target

RANDOM = np.random.default_rng(1)
ROWS = 200
WEIGHTS = RANDOM.integers(1, 4, ROWS)
TARGETS = {
    "binary": Target(name="y"),
    "multiclass": Target(name="y", kind="multiclass", classes=("a", "b", "c")),
    "regression": Target(name="y", kind="regression"),
}


def rows(kind: str) -> tuple[np.ndarray, np.ndarray]:
    if kind == "regression":
        labels = RANDOM.normal(size=ROWS)
        return labels, (labels + RANDOM.normal(size=ROWS))[:, None]
    classes = TARGETS[kind].outputs
    labels = RANDOM.integers(0, max(classes, 2), ROWS).astype(float)
    scores = RANDOM.uniform(0.1, 1, (ROWS, classes))
    return labels, scores if classes == 1 else scores / scores.sum(axis=1)[:, None]


@pytest.mark.parametrize("kind", TARGETS)
def test_a_weight_counts_as_so_many_rows(kind: str) -> None:
    labels, predictions = rows(kind)
    weighted = evaluate(TARGETS[kind], labels, predictions, 10.0 * WEIGHTS)
    repeated = evaluate(TARGETS[kind], labels.repeat(WEIGHTS), predictions.repeat(WEIGHTS, axis=0))
    exact = {name for name in repeated if name[:4] not in ("prec", "lift", "spea")}
    for name in exact:
        assert weighted[name] == pytest.approx(repeated[name], rel=1e-9), name
    # Shares of weight are not rounded up to rows, and ranks are those of rows.
    for name in set(repeated) - exact:
        assert weighted[name] == pytest.approx(repeated[name], rel=0.2), name
    loss = loss_of(TARGETS[kind], None, 10.0 * WEIGHTS)
    assert loss(labels, predictions) == pytest.approx(
        loss_of(TARGETS[kind])(labels.repeat(WEIGHTS), predictions.repeat(WEIGHTS, axis=0))
    )


def test_curves_count_weights() -> None:
    labels, predictions = rows("binary")
    weighted = target_curves(TARGETS["binary"], labels, predictions, WEIGHTS / 7)
    repeated = target_curves(
        TARGETS["binary"], labels.repeat(WEIGHTS), predictions.repeat(WEIGHTS, axis=0)
    )
    gains = [[point["gain"] for point in curves["gain"]] for curves in (weighted, repeated)]
    np.testing.assert_allclose(*gains, atol=1e-9)


def test_the_best_share_of_weight_is_cut_within_a_row() -> None:
    labels, scores = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.5, 0.1])
    weights = np.array([1.0, 3.0, 4.0])
    assert precision_at(labels, scores, 0.25, weights) == pytest.approx(1 / 2)  # 2 of 8: 1 and 1
    assert lift_at(labels, scores, 0.25, weights) == pytest.approx((1 / 2) / (5 / 8))


@pytest.mark.parametrize("decimals", [1, 6])
def test_the_metrics_of_curves_weigh_rows(decimals: int) -> None:
    random = np.random.default_rng(0)
    labels = random.integers(2, size=80).astype(np.float64)
    scores = np.round(random.random(80), decimals)
    weights = random.random(80) + 0.5
    for own in (None, weights):
        found = headline_metric(Target(name="bought"), labels, scores[:, None], own)
        expected = roc_auc_score(labels, scores, sample_weight=own)
        assert found == ("auc", pytest.approx(expected, abs=1e-12))
        spend = headline_metric(
            Target(name="spend", kind="regression"), labels, scores[:, None], own
        )
        assert spend == ("r2", pytest.approx(r2_score(labels, scores, sample_weight=own)))
