"""What every estimator must keep to when it learns."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from yule_models.errors import TargetError
from yule_models.estimators import CurvePoint
from yule_models.metrics import evaluate
from yule_models.testing.rows import BINARY, TARGETS
from yule_models.testing.suite import OTHER, TRAINING, EstimatorSuite, bits_of

__all__ = ["LearningLaws"]


class LearningLaws(EstimatorSuite):
    """Labels and weights decide, and validation rows say when to stop."""

    def test_it_learns(self) -> None:
        """Predictions of rows that were not seen are better than chance for every target."""
        found = self.fitted().predict(OTHER.features)
        spend = OTHER.labels["spend"].to_numpy()
        bought = evaluate(BINARY, OTHER.labels["bought"].to_numpy(), found[:, :1])["auc"]
        likeliest = np.array(TARGETS[1].classes)[found[:, 1:4].argmax(axis=1)]
        known = OTHER.labels["segment"].notna().to_numpy()
        hits = (likeliest == OTHER.labels["segment"].to_numpy())[known].mean()
        if self.is_informed:
            assert bought is not None
            assert bought > 0.8
            assert hits > 0.55
            assert np.corrcoef(spend, found[:, 4])[0, 1] > 0.7
        else:
            assert bought == 0.5

    def test_weights_count(self) -> None:
        """Equal weights are none; heavier rows pull predictions towards their labels."""
        labels = TRAINING.labels
        equal = self.make([BINARY]).fit(
            TRAINING.features, labels, sample_weight=np.ones(len(labels))
        )
        plain = self.fitted([BINARY])
        assert bits_of(equal) == bits_of(plain)
        heavier = self.make([BINARY]).fit(
            TRAINING.features, labels, sample_weight=1 + 9 * labels["bought"]
        )
        assert heavier.predict(OTHER.features).mean() > plain.predict(OTHER.features).mean() + 0.02
        for weights in (np.full(len(labels), -1.0), np.ones(3)):
            with pytest.raises(TargetError, match="finite numbers of at least 0, one for each row"):
                self.make([BINARY]).fit(TRAINING.features, labels, sample_weight=weights)
        with pytest.raises(TargetError, match="no label of 'bought'"):
            self.make([BINARY]).fit(TRAINING.features, labels, sample_weight=np.zeros(len(labels)))

    def test_rows_of_weight_0_are_as_none(self) -> None:
        """Neither what they hold nor how many they are leaves a trace."""
        counts = np.arange(len(TRAINING.labels)) % 3 > 0
        odd = TRAINING.features.copy()
        odd.loc[~counts, "plan"] = "of no weight"
        weighted = self.make([BINARY]).fit(odd, TRAINING.labels, sample_weight=counts)
        without = self.make([BINARY]).fit(TRAINING.features[counts], TRAINING.labels[counts])
        assert bits_of(weighted) == bits_of(without)

    def test_labels_that_teach_nothing_are_refused(self) -> None:
        """One class only, no label at all, a label of no class, a missing column."""
        features, labels = TRAINING.features, TRAINING.labels
        estimator = self.make([BINARY])
        with pytest.raises(TargetError, match="one class only of 'bought'"):
            estimator.fit(features, labels.assign(bought=1.0))
        with pytest.raises(TargetError, match="no label of 'bought'"):
            estimator.fit(features, labels.assign(bought=np.nan))
        with pytest.raises(TargetError, match="is binary, but a label is"):
            estimator.fit(features, labels.assign(bought=2.0))
        with pytest.raises(TargetError, match=r"columns \['bought'\] are needed"):
            estimator.fit(features, labels.drop(columns="bought"))

    def test_steps_are_told_in_order(self) -> None:
        """A curve rises step by step from 1 on; kinds without steps tell none.

        Where targets have models of their own, the curve of each begins at 1.
        """
        points: list[CurvePoint] = []
        estimator = self.make().fit(
            TRAINING.features,
            TRAINING.labels,
            validation=(OTHER.features, OTHER.labels),
            on_step=points.append,
        )
        steps = [point.step for point in points]
        starts = [place for place, step in enumerate(steps) if step == 1]
        curves = [steps[start:end] for start, end in pairwise([*starts, len(steps)])]
        assert steps[:1] == [1] * bool(steps)
        assert all(curve == list(range(1, len(curve) + 1)) for curve in curves)
        assert len(curves) <= len(TRAINING.labels.columns)
        assert bool(points) == self.has_steps
        assert all(point.values for point in points)
        assert (estimator.best_step_ is None) == (not self.has_steps)

    def test_it_stops_early(self) -> None:
        """Where the validation rows say the contrary, nearly the first step is kept."""
        if not self.has_steps:
            pytest.skip("There are no steps to stop.")
        contrary = OTHER.labels.assign(bought=1 - OTHER.labels["bought"])
        full, stopped = self.fitted([BINARY]), self.make([BINARY])
        stopped.fit(TRAINING.features, TRAINING.labels, validation=(OTHER.features, contrary))
        assert full.best_step_ is not None
        assert stopped.best_step_ is not None
        assert stopped.best_step_ < full.best_step_ / 2
        assert np.ptp(stopped.predict(OTHER.features)) < np.ptp(full.predict(OTHER.features))

    def test_validation_rows_without_labels_stop_nothing(self) -> None:
        """They are as good as no validation rows."""
        unknown = OTHER.labels.assign(bought=np.nan)
        estimator = self.make([BINARY]).fit(
            TRAINING.features, TRAINING.labels, validation=(OTHER.features, unknown)
        )
        assert bits_of(estimator) == bits_of(self.fitted([BINARY]))
