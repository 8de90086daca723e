"""What every estimator must keep to."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from yule_models.errors import (
    EstimatorFormatError,
    FeatureTypeError,
    NotFittedError,
    TargetError,
)
from yule_models.estimators import CurvePoint, Estimator
from yule_models.estimators.stored import ESTIMATOR_FILE
from yule_models.metrics import evaluate
from yule_models.registry import make_estimator
from yule_models.targets import Target
from yule_models.testing.fresh_process import predict_in_fresh_process
from yule_models.testing.rows import BINARY, TARGETS, described_rows

__all__ = ["EstimatorContract"]

_SAFE_SUFFIXES = {".json", ".txt", ".safetensors"}


class EstimatorContract:
    """The laws of estimators, tried on small tables with every type of feature.

    Attributes:
        kind: The kind under test.
        params: Parameters that make a fit of 400 rows quick.
        is_informed: Whether it looks at features at all.
        has_steps: Whether it learns in steps, and so stops early.
        tolerance: Largest difference between a row predicted alone and among others.
    """

    kind: ClassVar[str]
    params: ClassVar[Mapping[str, Any]] = {}
    is_informed: ClassVar[bool] = True
    has_steps: ClassVar[bool] = False
    tolerance: ClassVar[float] = 1e-12

    def make(self, targets: Sequence[Target] = TARGETS, *, seed: int = 1) -> Estimator:
        """Make the estimator under test, not yet fitted."""
        return make_estimator(self.kind, targets=targets, seed=seed, threads=2, params=self.params)

    def fitted(self, targets: Sequence[Target] = TARGETS, *, seed: int = 1) -> Estimator:
        """Make and fit the estimator under test."""
        return self.make(targets, seed=seed).fit(TRAINING.features, TRAINING.labels)

    def test_predictions_have_a_column_for_each_output(self) -> None:
        """Probabilities of 1, of each class, and values stand side by side, in target order."""
        found = self.fitted().predict(OTHER.features)
        assert found.dtype == np.float64
        assert found.shape == (len(OTHER.features), 5)
        assert np.isfinite(found).all()
        assert ((found[:, :4] >= 0) & (found[:, :4] <= 1)).all()
        np.testing.assert_allclose(found[:, 1:4].sum(axis=1), 1, atol=1e-6)

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

    def test_the_same_seed_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """Two fits predict the same, and store the same files, each of a safe format."""
        one, other = self.fitted(), self.fitted()
        assert _bits(one) == _bits(other)
        contents = []
        for name, estimator in (("one", one), ("other", other)):
            folder = tmp_path / name
            folder.mkdir()
            estimator.save(folder)
            contents.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
        assert contents[0] == contents[1]
        assert {Path(name).suffix for name in contents[0]} <= _SAFE_SUFFIXES

    def test_a_stored_estimator_predicts_the_same_bits(self, tmp_path: Path) -> None:
        """Saved and loaded in this process, with what else an estimator tells."""
        saved = self.fitted()
        saved.save(tmp_path)
        loaded = type(saved).load(tmp_path)
        assert _bits(loaded) == _bits(saved)
        assert loaded.importances() == saved.importances()
        assert loaded.best_step_ == saved.best_step_
        assert [target.name for target in loaded.targets] == [target.name for target in TARGETS]

    def test_a_stored_estimator_predicts_the_same_bits_elsewhere(self, tmp_path: Path) -> None:
        """Saved here, loaded in a fresh process."""
        estimator = self.fitted()
        found = predict_in_fresh_process(estimator, OTHER.features, tmp_path)
        assert found.tobytes() == _bits(estimator)

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

    def test_weights_count(self) -> None:
        """Equal weights are none; heavier rows pull predictions towards their labels."""
        labels = TRAINING.labels
        equal = self.make([BINARY]).fit(
            TRAINING.features, labels, sample_weight=np.ones(len(labels))
        )
        plain = self.fitted([BINARY])
        assert _bits(equal) == _bits(plain)
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
        assert _bits(weighted) == _bits(without)

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
        assert _bits(estimator) == _bits(self.fitted([BINARY]))

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
        assert _bits(twin.fit(TRAINING.features, TRAINING.labels)) == _bits(estimator)

    def test_what_is_not_fitted_is_refused(self, tmp_path: Path) -> None:
        """Neither predicted with nor saved."""
        with pytest.raises(NotFittedError, match="is not fitted; call fit first"):
            self.make().predict(OTHER.features)
        with pytest.raises(NotFittedError, match="is not fitted; call fit first"):
            self.make().save(tmp_path)

    @pytest.mark.parametrize("change", [{"format": 999}, {"kind": "another"}])
    def test_other_formats_are_refused(self, tmp_path: Path, change: dict[str, Any]) -> None:
        """A stored estimator of another kind, or of a later format."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        path = tmp_path / ESTIMATOR_FILE
        path.write_text(json.dumps(json.loads(path.read_text()) | change))
        with pytest.raises(EstimatorFormatError, match="fit it again"):
            type(estimator).load(tmp_path)

    def test_files_that_are_missing_or_damaged_are_named(self, tmp_path: Path) -> None:
        """Each file of the estimator, absent or cut short; and the description, key by key."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        for path in sorted(tmp_path.iterdir()):
            content = path.read_bytes()
            for damage in (None, content[: len(content) // 2]):
                path.unlink()
                if damage is not None:
                    path.write_bytes(damage)
                with pytest.raises(EstimatorFormatError, match=re.escape(str(path))):
                    type(estimator).load(tmp_path)
                path.write_bytes(content)
        path = tmp_path / ESTIMATOR_FILE
        description = json.loads(path.read_text())
        for key in description:
            path.write_text(json.dumps({k: v for k, v in description.items() if k != key}))
            with pytest.raises(EstimatorFormatError, match=re.escape(str(path))):
                type(estimator).load(tmp_path)

    def test_files_of_other_targets_are_refused(self, tmp_path: Path) -> None:
        """A description of more targets than the files know of."""
        estimator = self.fitted([BINARY])
        estimator.save(tmp_path)
        path = tmp_path / ESTIMATOR_FILE
        targets = [target.to_json() for target in TARGETS]
        path.write_text(json.dumps(json.loads(path.read_text()) | {"targets": targets}))
        with pytest.raises(EstimatorFormatError, match="does not hold what was stored"):
            type(estimator).load(tmp_path)


TRAINING = described_rows(400, seed=1)
OTHER = described_rows(300, seed=2)


def _bits(estimator: Estimator) -> bytes:
    return estimator.predict(OTHER.features).tobytes()


def _global_state() -> tuple[Any, ...]:
    state: tuple[Any, ...] = (random.getstate(), repr(np.random.get_state()))
    torch = sys.modules.get("torch")
    if torch is not None:
        state += (torch.get_rng_state().tolist(), torch.get_num_threads())
    return state
