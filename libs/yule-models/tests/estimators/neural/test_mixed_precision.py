"""The code that trains on a GPU in bfloat16, as far as a CPU can run it."""

import numpy as np
import pytest
from yule_models import make_estimator
from yule_models.estimators.neural.hardware import Hardware
from yule_models.testing import TARGETS, described_rows

ROWS, INNER, OTHER = (described_rows(count, seed=count) for count in (200, 60, 100))
QUICK = {"epochs": 3, "width": 8, "embedding": 3, "bins": 4, "batch_rows": 64}


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("neural", {"loss_weights": "learned", "pretraining_epochs": 1}),
        ("tabm", {"members": 2}),
        ("sequence", {}),
    ],
)
def test_a_fit_in_bfloat16_comes_close_to_one_in_float32(
    kind: str, params: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for is_mixed in (False, True):
        hardware = Hardware(device="cpu", is_mixed=is_mixed)
        monkeypatch.setattr(Hardware, "of", lambda gpu, chosen=hardware: chosen)  # noqa: ARG005
        model = make_estimator(kind, targets=TARGETS, seed=0, threads=1, params={**QUICK, **params})
        model.fit(ROWS.features, ROWS.labels, validation=(INNER.features, INNER.labels))
        found.append(model.predict(OTHER.features)[:, :4])
    assert not np.array_equal(*found)
    np.testing.assert_allclose(*found, atol=0.02)
