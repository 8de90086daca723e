"""How far a fit came is taken up by a fit to the very same rows, and by no other."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from yule_models import CurvePoint, Target, make_estimator
from yule_models.testing import described_rows

TRAINING, INNER = described_rows(200, seed=1), described_rows(80, seed=2)
QUICK = {
    "neural": {"epochs": 3, "width": 8, "batch_rows": 64, "embedding": 3, "bins": 4},
    "gbdt": {"rounds": 20, "refit": False},
}


def flipped(labels: pd.DataFrame) -> pd.DataFrame:
    bought = labels["bought"].astype("float64")
    return pd.DataFrame({"bought": np.where(np.arange(len(bought)) % 3, bought, 1 - bought)})


@pytest.mark.parametrize("kind", list(QUICK))
@pytest.mark.parametrize("other", ["rows", "inner rows"])
def test_what_was_kept_of_other_rows_is_not_taken_up(kind: str, other: str, tmp_path: Path) -> None:
    own, inner = flipped(TRAINING.labels), flipped(INNER.labels)

    def fitted(
        labels: pd.DataFrame, aside: pd.DataFrame, place: Path | None
    ) -> tuple[list[CurvePoint], bytes]:
        points: list[CurvePoint] = []
        model = make_estimator(
            kind, targets=[Target(name="bought")], seed=0, threads=1, params=QUICK[kind]
        )
        model.fit(
            TRAINING.features,
            labels,
            validation=(INNER.features, aside),
            checkpoint=place,
            on_step=points.append,
        )
        return points, model.predict(INNER.features).tobytes()

    before = (TRAINING.labels, inner) if other == "rows" else (own, INNER.labels)
    fitted(*before, tmp_path)
    assert fitted(own, inner, tmp_path) == fitted(own, inner, None)
    assert fitted(*before, None) != fitted(own, inner, None)
