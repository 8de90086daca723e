"""What a fit of a network ends with."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss
from yule_models import CurvePoint, Target, make_estimator
from yule_models.testing import described_rows

TRAINING, INNER = described_rows(200, seed=1), described_rows(80, seed=2)


@pytest.mark.parametrize(("kind", "params"), [("neural", {}), ("tabm", {"members": 3})])
def test_a_network_ends_with_the_weights_of_its_best_epoch(
    kind: str, params: dict[str, int]
) -> None:
    points: list[CurvePoint] = []
    quick = {"width": 16, "embedding": 3, "bins": 4, "batch_rows": 32, "learning_rate": 0.05}
    model = make_estimator(
        kind, targets=[Target(name="bought")], seed=3, threads=1, params={**quick, **params}
    )
    model.fit(
        TRAINING.features,
        TRAINING.labels,
        validation=(INNER.features, INNER.labels),
        on_step=points.append,
    )
    told = [point.values["inner/log_loss"] for point in points]
    assert model.best_step_ == 1 + int(np.argmin(told)) < len(told)
    found = model.predict(INNER.features)[:, 0]
    known = INNER.labels["bought"].notna().to_numpy()
    assert log_loss(INNER.labels["bought"][known].astype(int), found[known]) == pytest.approx(
        min(told), abs=1e-5
    )
    assert told[-1] > min(told) + 1e-3


@pytest.mark.parametrize(("kind", "params"), [("neural", {}), ("tabm", {"members": 3})])
def test_the_unit_of_a_number_changes_nothing_but_its_predictions(
    kind: str, params: dict[str, int]
) -> None:
    amounts = np.random.default_rng(0).gamma(2, 3, len(TRAINING.features))
    quick = {"epochs": 3, "width": 16, "embedding": 3, "bins": 4, "batch_rows": 32}
    euros, cents = (
        make_estimator(
            kind,
            targets=[Target(name="spent", kind="regression")],
            seed=3,
            threads=1,
            params={**quick, **params},
        )
        .fit(TRAINING.features, pd.DataFrame({"spent": unit * amounts}))
        .predict(INNER.features)
        for unit in (1, 100)
    )
    np.testing.assert_allclose(cents, 100 * euros, rtol=1e-3)
    assert np.ptp(euros) > 0.1
