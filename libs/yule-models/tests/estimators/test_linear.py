import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
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
        "linear", targets=[target], seed=0, threads=1, params={"regularisation": 1e-6}
    )
    found = linear.fit(features, labels).predict(features)[:, 0]
    assert found == pytest.approx(labels["spend"].to_numpy(), abs=1e-6)


def test_the_first_fit_of_a_process_is_like_the_second() -> None:
    command = [sys.executable, "-c", _FIRST_FIT]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert len(found) == 2
    assert found[0] == found[1]
