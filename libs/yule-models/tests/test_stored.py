"""What every release has stored is read and predicts the same; other tables are refused by name."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from yule_models import __version__, load_estimator, model_kinds
from yule_models.errors import FeatureTypeError
from yule_models.training import feature_frame

STORED = Path(__file__).parent / "stored"
VERSIONS = sorted(path.name for path in STORED.iterdir() if (path / "rows.parquet").is_file())
CASES = [
    (version, path.parent.name)
    for version in VERSIONS
    for path in sorted((STORED / version).glob("*/model"))
]
# Networks are computed in float32, whose sums differ a little between processors.
TOLERANCE = {"neural": 1e-5, "tabm": 1e-5, "sequence": 1e-5}


def stored_rows(version: str) -> pd.DataFrame:
    return feature_frame(pq.read_table(STORED / version / "rows.parquet"))


@pytest.mark.parametrize(("version", "kind"), CASES)
def test_what_a_release_has_stored_predicts_the_same(version: str, kind: str) -> None:
    rows = stored_rows(version)
    expected = json.loads((STORED / version / kind / "predictions.json").read_text())

    found = load_estimator(STORED / version / kind / "model").predict(rows)

    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE.get(kind, 1e-9))


@pytest.mark.parametrize(("version", "kind"), CASES)
def test_another_table_is_refused_with_its_columns(version: str, kind: str) -> None:
    rows = stored_rows(version)
    estimator = load_estimator(STORED / version / kind / "model")
    with pytest.raises(
        FeatureTypeError, match=r"missing are \['amount'\], unknown are \['spent'\]"
    ):
        estimator.predict(rows.rename(columns={"amount": "spent"}))


def test_this_release_has_stored_every_kind() -> None:
    assert {kind for version, kind in CASES if version == __version__} == set(model_kinds())
