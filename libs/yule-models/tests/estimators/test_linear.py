import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from yule_models.estimators import Estimator
from yule_models.estimators.fold_data import Floats
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing import TARGETS, described_rows

_FIRST_FIT = """
from hashlib import sha256
from yule_models import Target, make_estimator
from yule_models.testing import described_rows

rows = described_rows(3000, seed=1)
for _ in range(2):
    linear = make_estimator("linear", targets=[Target(name="bought")], seed=0, threads=1)
    found = linear.fit(rows.features, rows.labels).predict(rows.features)
    print(sha256(found.tobytes()).hexdigest())
"""


def test_a_class_without_rows_has_no_probability() -> None:
    target = Target(name="segment", kind="multiclass", classes=("low", "never", "high"))
    features = pd.DataFrame({"visits": [0.0, 1.0, 2.0, 3.0] * 10})
    labels = pd.DataFrame({"segment": ["low", "low", "high", "high"] * 10})
    linear = make_estimator("linear", targets=[target], seed=0, threads=1)
    found = linear.fit(features, labels).predict(features)
    assert (found[:, 1] == 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert found[0, 0] > found[3, 0]


def test_stronger_regularisation_predicts_nearer_the_base_rate() -> None:
    rows = described_rows(200, seed=1)
    spreads = []
    for strength in (1, 100, 10_000):
        linear = make_estimator(
            "linear",
            targets=TARGETS[:1],
            seed=0,
            threads=1,
            params={"regularisation": strength},
        )
        spreads.append(np.ptp(linear.fit(rows.features, rows.labels).predict(rows.features)))
    assert spreads[0] > spreads[1] > spreads[2]


def test_a_line_is_found_and_followed() -> None:
    visits = np.linspace(-1, 1, 200)
    features = pd.DataFrame({"visits": np.sign(visits) * np.expm1(np.abs(visits))})
    labels = pd.DataFrame({"spend": 3 + 2 * visits})
    target = Target(name="spend", kind="regression")
    linear = make_estimator(
        "linear", targets=[target], seed=0, threads=1, params={"regularisation": 1e-6, "bins": 0}
    )
    found = linear.fit(features, labels).predict(features)[:, 0]
    assert found == pytest.approx(labels["spend"].to_numpy(), abs=1e-6)


def test_a_line_may_turn_at_the_edges_of_bins() -> None:
    visits = np.linspace(-1, 1, 201)
    features, target = pd.DataFrame({"visits": visits}), Target(name="spend", kind="regression")
    labels = pd.DataFrame({"spend": np.abs(visits)})
    errors = []
    for bins in (0, 8):
        linear = make_estimator(
            "linear",
            targets=[target],
            seed=0,
            threads=1,
            params={"bins": bins, "regularisation": 1e-3},
        )
        found = linear.fit(features, labels).predict(features)[:, 0]
        errors.append(np.abs(found - labels["spend"]).max())
    assert errors[0] > 0.4
    assert errors[1] < 0.01


def noisy(rows: int, *, seed: int, signal: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a feature that tells the label, among many that tell nothing."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(rows, 30))
    label = signal * numbers[:, 0] + random.normal(size=rows) > 0
    features = pd.DataFrame(numbers, columns=[f"c{i}" for i in range(30)])
    return features, pd.DataFrame({"bought": label.astype(int)})


def row_losses(linear: Estimator, rows: tuple[pd.DataFrame, pd.DataFrame]) -> Floats:
    found, labels = linear.predict(rows[0])[:, 0], rows[1]["bought"].to_numpy()
    return np.asarray(-np.log(np.where(labels == 1, found, 1 - found)))


def log_loss(linear: Estimator, rows: tuple[pd.DataFrame, pd.DataFrame]) -> float:
    return float(row_losses(linear, rows).mean())


@pytest.mark.parametrize("signal", [0.0, 3.0])
def test_rows_set_aside_choose_the_strength(signal: float) -> None:
    training, inner = noisy(300, seed=1, signal=signal), noisy(3_000, seed=2, signal=signal)

    def fitted(strength: float | str) -> Estimator:
        params = {"regularisation": strength, "refit": False}
        linear = make_estimator("linear", targets=TARGETS[:1], seed=0, threads=1, params=params)
        return linear.fit(*training, validation=inner)

    strengths = (30_000, 3_000, 300, 30, 3, 0.3)
    losses = np.array([row_losses(fitted(strength), inner) for strength in strengths])
    more = losses - losses[losses.mean(axis=1).argmin()]
    is_as_good = more.mean(axis=1) <= more.std(axis=1) / np.sqrt(more.shape[1])
    chosen = strengths[int(np.argmax(is_as_good))]
    # Noise asks for the strongest, a clear signal for a weak one.
    assert chosen == 30_000 if signal == 0 else chosen <= 30
    # The fit goes on from those that were tried, to the same minimum.
    np.testing.assert_allclose(
        fitted("auto").predict(inner[0]), fitted(chosen).predict(inner[0]), atol=5e-3
    )


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.kind)
def test_each_kind_of_target_chooses_by_rows_set_aside(target: Target) -> None:
    training, inner = described_rows(300, seed=1), described_rows(200, seed=2)
    linear = make_estimator("linear", targets=[target], seed=0, threads=1)
    found = linear.fit(
        training.features, training.labels, validation=(inner.features, inner.labels)
    )
    free = make_estimator(
        "linear", targets=[target], seed=0, threads=1, params={"regularisation": 100.0}
    )
    free.fit(training.features, training.labels, validation=(inner.features, inner.labels))
    assert not np.array_equal(found.predict(inner.features), free.predict(inner.features))


def test_rows_set_aside_are_learned_from_in_the_end() -> None:
    training, inner = noisy(200, seed=1, signal=1), noisy(400, seed=2, signal=1)
    others = noisy(2_000, seed=3, signal=1)
    losses = []
    for refit in (False, True):
        params = {"regularisation": 100, "refit": refit}
        linear = make_estimator("linear", targets=TARGETS[:1], seed=0, threads=1, params=params)
        losses.append(log_loss(linear.fit(*training, validation=inner), others))
    assert losses[1] < losses[0] - 0.01


def test_bins_give_way_where_the_matrix_would_grow_too_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = noisy(200, seed=1, signal=1)
    monkeypatch.setattr("yule_models.estimators.linear._MOST_VALUES", 200 * 30 * 3 + 1)
    linear = make_estimator("linear", targets=TARGETS[:1], seed=0, threads=1)
    linear.fit(*training)
    # Numbers, what is missing of them, and three bins each.
    assert linear.coefficients_.shape == (1, 30 * (1 + 1 + 3))


def test_many_rows_are_predicted_as_few_are() -> None:
    training, others = noisy(200, seed=1, signal=1), noisy(2_500, seed=2, signal=1)[0]
    linear = make_estimator("linear", targets=TARGETS[:1], seed=0, threads=1).fit(*training)
    found = linear.predict(others)
    assert len(found) == 2_500
    np.testing.assert_array_equal(found[2_000:2_010], linear.predict(others.iloc[2_000:2_010]))


def test_the_first_fit_of_a_process_is_like_the_second() -> None:
    command = [sys.executable, "-c", _FIRST_FIT]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert len(found) == 2
    assert found[0] == found[1]
