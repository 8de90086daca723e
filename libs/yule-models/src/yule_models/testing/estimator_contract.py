"""What every estimator must keep to."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np
import pandas as pd

from yule_models.testing.learning_laws import LearningLaws
from yule_models.testing.rows import BINARY
from yule_models.testing.storage_laws import StorageLaws
from yule_models.testing.suite import OTHER, TRAINING, bits_of
from yule_models.testing.table_laws import TableLaws

__all__ = ["EstimatorContract"]


class EstimatorContract(LearningLaws, TableLaws, StorageLaws):
    """The laws of estimators, tried on small tables with every type of feature.

    A suite names the `kind`, and what else `EstimatorSuite` lets it say.
    """

    def test_predictions_have_a_column_for_each_output(self) -> None:
        """Probabilities of 1, of each class, and values stand side by side, in target order."""
        found = self.fitted().predict(OTHER.features)
        assert found.dtype == np.float64
        assert found.shape == (len(OTHER.features), 5)
        assert np.isfinite(found).all()
        assert ((found[:, :4] >= 0) & (found[:, :4] <= 1)).all()
        np.testing.assert_allclose(found[:, 1:4].sum(axis=1), 1, atol=1e-6)

    def test_it_leaves_no_trace(self) -> None:
        """Neither global random state nor the tables given are changed."""
        features, labels = TRAINING.features.copy(deep=True), TRAINING.labels.copy(deep=True)
        self.fitted()
        before = _global_state()
        self.fitted().predict(OTHER.features)
        assert _global_state() == before
        pd.testing.assert_frame_equal(TRAINING.features, features)
        pd.testing.assert_frame_equal(TRAINING.labels, labels)

    def test_importances_name_the_features(self) -> None:
        """Not negative, one for each feature, and most for those that labels depend on."""
        importances = self.fitted().importances()
        if importances is None:
            return
        assert list(importances) == list(TRAINING.features.columns)
        assert min(importances.values()) >= 0
        assert set(sorted(importances, key=importances.__getitem__)[-2:]) == {"amount", "plan"}

    def test_an_estimator_is_made_again_from_its_arguments(self) -> None:
        """As scikit-learn's clone does."""
        estimator = self.fitted([BINARY])
        arguments = estimator.get_params()
        twin = type(estimator)(**arguments)
        assert all(twin.get_params()[name] is value for name, value in arguments.items())
        assert bits_of(twin.fit(TRAINING.features, TRAINING.labels)) == bits_of(estimator)


def _global_state() -> tuple[Any, ...]:
    state: tuple[Any, ...] = (random.getstate(), repr(np.random.get_state()))
    torch = sys.modules.get("torch")
    if torch is not None:
        state += (torch.get_rng_state().tolist(), torch.get_num_threads())
    return state
