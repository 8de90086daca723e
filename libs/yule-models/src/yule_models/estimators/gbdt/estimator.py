"""Gradient-boosted decision trees: LightGBM.

Ke et al. (2017), "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from gokart_store import canonical_json

from yule_models.encoding.vocabulary import MISSING
from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.gbdt.enrichment import Enrichment, beside
from yule_models.estimators.gbdt.gains import Gains
from yule_models.estimators.gbdt.rows import LabelledRows
from yule_models.estimators.gbdt.scorer import BoosterScorer
from yule_models.estimators.gbdt.target_fit import TargetFit, stored_booster
from yule_models.estimators.gbdt.tree_text import END_OF_TREES
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.outputs import activated
from yule_models.estimators.stored import check_shape, reading

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["GbdtEstimator"]

_ENRICHMENTS = "enrichments.json"


class GbdtEstimator(Estimator):
    """One booster for each target, with early stopping where there are validation rows.

    Categories are codes of a stored vocabulary; missing values are LightGBM's own. `deterministic`
    and `force_col_wise` are always set, and the number of threads is fixed. A column with more
    categories than the vocabulary holds is also told by the mean of the target and by its
    frequency, and so are pairs of columns that say what trees leave unexplained (see `Enrichment`).
    The rounds that early stopping chose are boosted again on all rows, unless `refit` is off.

    Attributes:
        boosters_: The boosters, in the order of the targets.
        enrichments_: The columns that each of them is given beside the table's own.
    """

    KIND: ClassVar[str] = "gbdt"
    FORMAT: ClassVar[int] = 2

    def _fit(self, inputs: FitInputs) -> None:
        tables = [inputs.training] if inputs.inner is None else [inputs.training, inputs.inner]
        matrices = [self._matrix(table.features) for table in tables]
        self.__dict__.pop("_scorers", None)
        self.boosters_: list[lgb.Booster] = []
        self.enrichments_: list[Enrichment] = []
        for position, target in enumerate(self.targets):
            fit = TargetFit(
                target=target,
                position=position,
                columns=inputs.columns,
                params=self.params,
                seed=self.seed,
                threads=self.threads,
                prefix="" if len(self.targets) == 1 else f"{target.name}/",
                on_step=inputs.on_step,
                checkpoints=inputs.checkpoint,
            )
            training, *inner = (
                LabelledRows.of(table, matrix, position=position)
                for table, matrix in zip(tables, matrices, strict=True)
            )
            found = fit.fit(training, *filter(len, inner))
            self.boosters_.append(found.booster)
            self.enrichments_.append(found.enrichment)
            self.best_step_ = max(self.best_step_ or 0, found.best_step)

    def _predict(self, features: pd.DataFrame) -> Floats:
        return np.hstack(
            [
                activated(target, scorer.scores(matrix))
                for target, scorer, matrix in zip(
                    self.targets, self._scorers, self.matrices(features), strict=True
                )
            ]
        )

    def matrices(self, features: pd.DataFrame) -> list[Floats]:
        """Return for each target the matrix that its booster predicts from."""
        matrix, columns = self._matrix(features), self._fitted_columns()
        return [
            beside(matrix, enrichment.transform(columns, features))
            for enrichment in self.enrichments_
        ]

    @cached_property
    def _scorers(self) -> list[BoosterScorer]:
        return [BoosterScorer(booster, threads=self.threads) for booster in self.boosters_]

    def _contributions(
        self, features: pd.DataFrame, baseline: pd.DataFrame, players: Sequence[str]
    ) -> Floats:
        """Return TreeSHAP's values (Lundberg et al. 2020); of a mean, those whose values it tells.

        Trees with linear leaves, which it is not defined for, are sampled.
        """
        if self.params["linear_tree"]:
            return super()._contributions(features, baseline, players)
        names, gains = self._fitted_columns().names, self.gains()
        parts = []
        for place, matrix in enumerate(self.matrices(features)):
            found = self.boosters_[place].predict(
                matrix, pred_contrib=True, num_threads=self.threads
            )
            by_output = np.asarray(found).reshape(len(matrix), -1, matrix.shape[1] + 1)
            # The last column is the mean over the training rows.
            parts.append(by_output[:, :, :-1] @ gains.told_of(place))
        return np.moveaxis(np.concatenate(parts, axis=1), 1, 2).reshape(
            len(features), len(names), -1
        )

    def gains(self) -> Gains:
        """Return what each feature gains, by the boosters' own account."""
        return Gains(self.boosters_, self.enrichments_, self._fitted_columns())

    def importances(self) -> dict[str, float]:
        """Return the mean over targets of each feature's share of the gain."""
        gains = self.gains()
        shares = np.mean([gains.shares(place) for place in range(len(self.boosters_))], axis=0)
        return dict(zip(self._fitted_columns().names, shares.tolist(), strict=True))

    def target_importances(self) -> dict[str, dict[str, float]]:
        """Return the same by target, each of which has a booster."""
        names, gains = self._fitted_columns().names, self.gains()
        return {
            target.name: dict(zip(names, gains.shares(place).tolist(), strict=True))
            for place, target in enumerate(self.targets)
        }

    def _save(self, folder: Path) -> None:
        for position, booster in enumerate(self.boosters_):
            path = folder / f"booster-{position}.txt"
            path.write_text(booster.model_to_string(), encoding="utf-8")
        enrichments = [enrichment.to_json() for enrichment in self.enrichments_]
        (folder / _ENRICHMENTS).write_text(canonical_json(enrichments) + "\n", encoding="utf-8")

    def _load(self, folder: Path) -> None:
        with reading(folder / _ENRICHMENTS) as path:
            stored = json.loads(path.read_text(encoding="utf-8"))
            self.enrichments_ = [Enrichment.of(value) for value in stored]
            check_shape("The list", (len(self.enrichments_),), (len(self.targets),))
        self.boosters_ = []
        for position, enrichment in enumerate(self.enrichments_):
            with reading(folder / f"booster-{position}.txt") as path:
                text = path.read_text(encoding="utf-8")
                if END_OF_TREES not in text:  # LightGBM would end the process
                    raise ValueError(f"it is cut short, for it lacks {END_OF_TREES.strip()!r}")
                booster = stored_booster(text)
                width = len(self.columns_.names) + len(enrichment.sources)
                check_shape("A row", (booster.num_feature(),), (width,))
                self.boosters_.append(booster)

    def _matrix(self, features: pd.DataFrame) -> Floats:
        """Return numbers, then codes; a missing category is missing to LightGBM too."""
        columns = self._fitted_columns()
        numbers = columns.numbers(features)
        if not columns.vocabularies:
            return numbers
        codes = columns.codes(features).astype(np.float64)
        codes[codes == MISSING] = np.nan
        return np.hstack([numbers, codes])
