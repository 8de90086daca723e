"""Gradient-boosted decision trees: LightGBM.

Ke et al. (2017), "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from gokart_store import canonical_json, derive_seed

from yule_models.encoding.target_means import PARTS, PartedRows
from yule_models.encoding.vocabulary import MISSING
from yule_models.estimators.base import Estimator, FitInputs, Floats, FoldData
from yule_models.estimators.gbdt.curve import BoosterCurve
from yule_models.estimators.gbdt.enrichment import Enrichment
from yule_models.estimators.gbdt.losses import answers_of, objective_settings
from yule_models.estimators.gbdt.monotone import monotone_signs
from yule_models.targets import Target

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["GbdtEstimator"]

_OWN = ("rounds", "patience", "crosses", "monotone")
_ENRICHMENTS = "enrichments.json"
_SEARCH = {"learning_rate": 0.1, "num_leaves": 31, "bagging_freq": 0, "linear_tree": False}
_SEARCH_ROUNDS = 100


class GbdtEstimator(Estimator):
    """One booster for each target, with early stopping where there are validation rows.

    Categories are codes of a stored vocabulary; missing values are LightGBM's own. `deterministic`
    and `force_col_wise` are always set, and the number of threads is fixed. A column with more
    categories than the vocabulary holds is also told by the mean of the target and by its
    frequency, and so are pairs of columns that say what trees leave unexplained (see `Enrichment`).

    Attributes:
        boosters_: The boosters, in the order of the targets.
        enrichments_: The columns that each of them is given beside the table's own.
    """

    KIND: ClassVar[str] = "gbdt"
    FORMAT: ClassVar[int] = 2

    def _fit(self, inputs: FitInputs) -> None:
        curve = BoosterCurve(self.targets, inputs.on_step)
        matrix = self._matrix(inputs.training.features)
        self.boosters_ = []
        self.enrichments_: list[Enrichment] = []
        for position, target in enumerate(self.targets):
            fitted = self._boost(position, target, inputs, matrix, curve)
            # Through the stored form, so that loading gives the same bits.
            self.boosters_.append(_booster(fitted.model_to_string(fitted.best_iteration)))
        curve.close()
        self.best_step_ = max(booster.current_iteration() for booster in self.boosters_)

    def _predict(self, features: pd.DataFrame) -> Floats:
        matrix, columns = self._matrix(features), self._fitted_columns()
        outputs = []
        for booster, enrichment in zip(self.boosters_, self.enrichments_, strict=True):
            told = _beside(matrix, enrichment.transform(columns, features))
            found = np.asarray(booster.predict(told, num_threads=self.threads))
            outputs.append(found.reshape(len(matrix), -1))
        return np.hstack(outputs)

    def importances(self) -> dict[str, float]:
        """Return the mean over targets of each feature's share of the gain.

        The gain of a mean counts for the columns whose values it tells, in equal parts.
        """
        ordered = self._fitted_columns().ordered
        shares = dict.fromkeys(self._fitted_columns().names, 0.0)
        for booster, enrichment in zip(self.boosters_, self.enrichments_, strict=True):
            gains = booster.feature_importance("gain")
            gains = gains / max(gains.sum(), np.finfo(float).tiny) / len(self.boosters_)
            sources = [*((name,) for name in ordered), *enrichment.sources]
            for names, gain in zip(sources, gains.tolist(), strict=True):
                for name in names:
                    shares[name] += gain / len(names)
        return shares

    def _save(self, folder: Path) -> None:
        for position, booster in enumerate(self.boosters_):
            path = folder / f"booster-{position}.txt"
            path.write_text(booster.model_to_string(), encoding="utf-8")
        enrichments = [enrichment.to_json() for enrichment in self.enrichments_]
        (folder / _ENRICHMENTS).write_text(canonical_json(enrichments) + "\n", encoding="utf-8")

    def _load(self, folder: Path) -> None:
        self.boosters_ = [
            _booster((folder / f"booster-{position}.txt").read_text(encoding="utf-8"))
            for position in range(len(self.targets))
        ]
        stored = json.loads((folder / _ENRICHMENTS).read_text(encoding="utf-8"))
        self.enrichments_ = [Enrichment.of(value) for value in stored]

    def _boost(
        self,
        position: int,
        target: Target,
        inputs: FitInputs,
        matrix: Floats,
        curve: BoosterCurve,
    ) -> lgb.Booster:
        import lightgbm as lgb

        data, inner = inputs.training, inputs.inner
        known = ~np.isnan(data.labels[:, position])
        matrix = matrix if known.all() else matrix[known]
        labels, weights = data.labels[known, position], data.weights[known]
        settings = self._settings(target, position)
        parting = np.random.default_rng(derive_seed(self.seed, "means", position))
        signs = monotone_signs(self.params, self._fitted_columns())
        rows = PartedRows(
            columns=self._fitted_columns(),
            features=data.features[known],
            weights=weights,
            parts=parting.integers(PARTS, size=len(labels)),
        )
        enrichment, told = Enrichment.learn(
            rows,
            answers_of(target, labels),
            crosses=int(self.params["crosses"]),
            # The mean of a cell may fall where the column rises.
            uncrossed=self.params["monotone"],
            residuals=lambda some: self._residuals(
                settings, target, matrix[some], labels[some], weights[some]
            ),
        )
        self.enrichments_.append(enrichment)
        if signs:
            settings["monotone_constraints"] = [*signs, *[0] * told.shape[1]]
        training = self._dataset(_beside(matrix, told), labels, weights)
        sets, names = [training], ["train"]
        callbacks: list[Callable[..., Any]] = [curve.callback(target)]
        if inner is not None and not np.isnan(inner.labels[:, position]).all():
            sets.append(self._inner_dataset(inner, position, enrichment, training))
            names.append("inner")
            callbacks.append(
                lgb.early_stopping(
                    int(self.params["patience"]), first_metric_only=True, verbose=False
                )
            )
        return lgb.train(
            settings,
            training,
            num_boost_round=int(self.params["rounds"]),
            valid_sets=sets,
            valid_names=names,
            callbacks=callbacks,
        )

    def _residuals(
        self,
        settings: dict[str, Any],
        target: Target,
        matrix: Floats,
        labels: Floats,
        weights: Floats,
    ) -> tuple[Floats, Floats]:
        """Return what boosters of one half of the rows leave unexplained of the other half."""
        import lightgbm as lgb

        halves = np.random.default_rng(settings["seed"]).integers(2, size=len(labels))
        residuals, gains = answers_of(target, labels), np.zeros(matrix.shape[1])
        for half in range(2):
            learned, held = halves != half, halves == half
            booster = lgb.train(
                settings | _SEARCH,
                self._dataset(matrix[learned], labels[learned], weights[learned]),
                num_boost_round=min(_SEARCH_ROUNDS, int(self.params["rounds"])),
            )
            found = np.asarray(booster.predict(matrix[held], num_threads=self.threads))
            residuals[held] -= found.reshape(held.sum(), -1)
            gains += booster.feature_importance("gain")
        return residuals, gains

    def _settings(self, target: Target, position: int) -> dict[str, Any]:
        settings = {name: value for name, value in self.params.items() if name not in _OWN}
        return settings | {
            **objective_settings(target),
            "seed": derive_seed(self.seed, "gbdt", position),
            "num_threads": self.threads,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }

    def _inner_dataset(
        self, inner: FoldData, position: int, enrichment: Enrichment, training: lgb.Dataset
    ) -> lgb.Dataset:
        known = ~np.isnan(inner.labels[:, position])
        features = inner.features[known]
        matrix = _beside(
            self._matrix(features), enrichment.transform(self._fitted_columns(), features)
        )
        return self._dataset(
            matrix, inner.labels[known, position], inner.weights[known], reference=training
        )

    def _dataset(
        self,
        matrix: Floats,
        labels: Floats,
        weights: Floats,
        *,
        reference: lgb.Dataset | None = None,
    ) -> lgb.Dataset:
        import lightgbm as lgb

        columns = self._fitted_columns()
        return lgb.Dataset(
            matrix,
            labels,
            weight=weights,
            reference=reference,
            feature_name=[f"f{i}" for i in range(matrix.shape[1])],
            categorical_feature=[*range(len(columns.numeric), len(columns.names))],
            params={"verbosity": -1, "num_threads": self.threads},
        )

    def _matrix(self, features: pd.DataFrame) -> Floats:
        """Return numbers, then codes; a missing category is missing to LightGBM too."""
        columns = self._fitted_columns()
        numbers = columns.numbers(features)
        if not columns.vocabularies:
            return numbers
        codes = columns.codes(features).astype(np.float64)
        codes[codes == MISSING] = np.nan
        return np.hstack([numbers, codes])


def _beside(matrix: Floats, told: Floats) -> Floats:
    # A wide matrix is copied only where there is something to add.
    return np.hstack([matrix, told]) if told.shape[1] else matrix


def _booster(text: str) -> lgb.Booster:
    import lightgbm as lgb

    return lgb.Booster(model_str=text)
