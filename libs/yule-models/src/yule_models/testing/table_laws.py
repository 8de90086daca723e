"""What every estimator must keep to whatever the table holds."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from yule_models.errors import FeatureTypeError
from yule_models.testing.rows import BINARY
from yule_models.testing.suite import OTHER, TRAINING, EstimatorSuite

__all__ = ["TableLaws"]


class TableLaws(EstimatorSuite):
    """Rows are told by their values alone; columns that were not fitted on are refused."""

    def test_a_row_alone_is_predicted_as_among_others(self) -> None:
        """Predictions are a function of the row, not of the batch or its index."""
        estimator = self.fitted()
        together = estimator.predict(OTHER.features)
        for row in (0, 1, 35, 99):
            alone = estimator.predict(OTHER.features.iloc[[row]])
            np.testing.assert_allclose(alone[0], together[row], rtol=0, atol=self.tolerance)
        assert estimator.predict(OTHER.features.iloc[:0]).shape == (0, 5)

    def test_rows_without_any_value_are_predicted(self) -> None:
        """Every value may be missing, and whole columns of a batch."""
        nothing = OTHER.features.iloc[:3].copy()
        for name in nothing.columns:
            nothing[name] = pd.Series([None] * 3, dtype=object, index=nothing.index)
        assert np.isfinite(self.fitted().predict(nothing)).all()

    def test_categories_that_were_never_seen_are_predicted(self) -> None:
        """A new category is one of the others."""
        strange = OTHER.features.iloc[:3].copy()
        strange["plan"] = ["galactic", "basic", "ü"]
        strange["device"] = pd.Categorical(["fridge", None, "phone"])
        strange["amount"] = [np.inf, -np.inf, 1e300]
        assert np.isfinite(self.fitted().predict(strange)).all()

    def test_features_that_say_nothing_are_learned_from_too(self) -> None:
        """Columns of one value or none, whatever they are called, tell nobody apart."""
        rows = len(TRAINING.labels)
        empty = pd.DataFrame(
            {
                'same, "one" {1}': np.ones(rows),
                "同じ 🎄\\": ["x"] * rows,
                "no [number]": np.full(rows, np.nan),
                "no: text\n": pd.Series([None] * rows, dtype=object),
                "beyond": np.full(rows, np.inf),
            }
        )
        estimator = self.make([BINARY]).fit(empty, TRAINING.labels)
        found = estimator.predict(empty)
        assert len(np.unique(found)) == 1
        np.testing.assert_allclose(found[0], TRAINING.labels["bought"].mean(), atol=0.1)

    def test_ignored_columns_change_nothing(self, tmp_path: Path) -> None:
        """They may be there or not, with whatever values, also after save and load."""
        features = TRAINING.features
        without = self.make([BINARY]).fit(features.drop(columns="device"), TRAINING.labels)
        ignoring = self.make([BINARY]).fit(features, TRAINING.labels, ignore=["device"])
        ignoring.save(tmp_path)
        other = OTHER.features.assign(device="fridge")
        expected = without.predict(OTHER.features.drop(columns="device"))
        for estimator in (ignoring, type(ignoring).load(tmp_path)):
            for table in (OTHER.features, other, other.drop(columns="device")):
                assert estimator.predict(table).tobytes() == expected.tobytes()
        typical = OTHER.features.iloc[[0]]
        found = ignoring.contributions(OTHER.features.iloc[:3], typical)
        assert found.shape == (3, len(features.columns), 1)
        assert not found[:, list(features.columns).index("device")].any()

    def test_other_columns_are_refused(self) -> None:
        """Columns must be those of the training table, in their order and of their kind."""
        estimator, features = self.fitted([BINARY]), OTHER.features
        with pytest.raises(FeatureTypeError, match="another order"):
            estimator.predict(features[features.columns[::-1]])
        with pytest.raises(FeatureTypeError, match=r"missing are \['plan'\]"):
            estimator.predict(features.drop(columns="plan"))
        with pytest.raises(FeatureTypeError, match=r"unknown are \['extra'\]"):
            estimator.predict(features.assign(extra=1))
        with pytest.raises(FeatureTypeError, match="'amount' has the type"):
            estimator.predict(features.assign(amount="many"))

    @pytest.mark.parametrize(
        "value", [pd.Timestamp("2024-01-01"), Decimal(1), pd.Timedelta(days=1), [1.0], 1j, b"a"]
    )
    def test_other_types_are_refused(self, value: Any) -> None:
        """A clear message, rather than a crash of the library underneath."""
        features = TRAINING.features.assign(amount=pd.Series([value] * len(TRAINING.features)))
        with pytest.raises(FeatureTypeError, match="'amount' is of the type"):
            self.make([BINARY]).fit(features, TRAINING.labels)
