"""Gradient-boosted decision trees: LightGBM.

Ke et al. (2017), "LightGBM: A Highly Efficient Gradient Boosting Decision Tree".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from gokart_store import canonical_json, derive_seed

from yule_models.encoding.target_means import PARTS, PartedRows
from yule_models.encoding.vocabulary import MISSING
from yule_models.errors import TargetError
from yule_models.estimators.base import Estimator
from yule_models.estimators.fold_data import Floats, FoldData
from yule_models.estimators.gbdt.boosting import Boosting, BoostingRows
from yule_models.estimators.gbdt.curve import BoosterCurve
from yule_models.estimators.gbdt.enrichment import Enrichment, Key, find_keys
from yule_models.estimators.gbdt.gains import Gains
from yule_models.estimators.gbdt.losses import answers_of, objective_settings
from yule_models.estimators.gbdt.monotone import monotone_signs
from yule_models.estimators.gbdt.scorer import BoosterScorer
from yule_models.estimators.gbdt.tree_text import END_OF_TREES
from yule_models.estimators.inputs import FitInputs
from yule_models.estimators.outputs import activated
from yule_models.estimators.stored import check_shape, reading
from yule_models.kinds import KINDS
from yule_models.parameters import BySize
from yule_models.targets import Target

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["GbdtEstimator"]

_OWN = ("rounds", "patience", "crosses", "monotone", "refit")
_LARGEST = float(np.finfo(np.float32).max)
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
        matrix = self._matrix(inputs.training.features)
        self.__dict__.pop("_scorers", None)
        self.boosters_ = []
        self.enrichments_: list[Enrichment] = []
        for position, target in enumerate(self.targets):
            self.boosters_.append(self._boost(position, target, inputs, matrix))

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
            _with(matrix, enrichment.transform(columns, features))
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
                booster = _booster(text)
                width = len(self.columns_.names) + len(enrichment.sources)
                check_shape("A row", (booster.num_feature(),), (width,))
                self.boosters_.append(booster)

    def _boost(
        self, position: int, target: Target, inputs: FitInputs, matrix: Floats
    ) -> lgb.Booster:
        """Fit the booster of one target, and keep its enrichment."""
        parts = [_labelled(inputs.training, position, matrix)]
        if len(parts[0][1].labels) < 2:
            raise TargetError(
                f"Trees need two labelled rows of {target.name!r} to learn from, got 1 sample. Add "
                "rows, or take another kind of model."
            )
        if inputs.inner is not None and not np.isnan(inputs.inner.labels[:, position]).all():
            inner_matrix = self._matrix(inputs.inner.features)
            parts.append(_labelled(inputs.inner, position, inner_matrix))
        largest = max(float(np.abs(rows.labels).max()) for _, rows in parts)
        if largest > _LARGEST:
            raise TargetError(
                f"The target {target.name!r} reaches {largest:.3g}, and LightGBM counts up to "
                f"{_LARGEST:.3g}. Divide it, as into thousands or millions."
            )
        boosting = self._boosting(target, position, inputs.checkpoint, len(parts[0][1].labels))
        keys = self._keys(boosting, *parts[0])
        enrichment, (training,) = self._enriched(keys, target, position, parts[:1])
        inner = None
        if len(parts) > 1:
            inner = _beside(parts[1][1], enrichment.transform(self.columns_, parts[1][0]))
        boosting = self._directed(boosting, training)
        curve = BoosterCurve(
            target,
            prefix="" if len(self.targets) == 1 else f"{target.name}/",
            learning_rate=float(boosting.settings["learning_rate"]),
            inner=None if inner is None else (inner.labels, inner.weights),
            on_step=inputs.on_step,
        )
        booster, chosen = boosting.boost(training, inner, curve)
        self.best_step_ = max(self.best_step_ or 0, chosen)
        if inner is None or not self.params["refit"]:
            self.enrichments_.append(enrichment)
            return _booster(booster.model_to_string(chosen))
        enrichment, everything = self._enriched(keys, target, position, parts)
        self.enrichments_.append(enrichment)
        return _booster(boosting.boost_again(everything, chosen=chosen).model_to_string())

    def _keys(self, boosting: Boosting, features: pd.DataFrame, rows: BoostingRows) -> list[Key]:
        """Find the columns, and the pairs of columns, that are told by means of the target."""
        return find_keys(
            self._parted(features, rows, boosting.settings["seed"]),
            crosses=int(self.params["crosses"]),
            # The mean of a cell may fall where the column rises.
            uncrossed=self.params["monotone"],
            residuals=lambda some: boosting.residuals(rows.take(some)),
        )

    def _enriched(
        self,
        keys: list[Key],
        target: Target,
        position: int,
        parts: Sequence[tuple[pd.DataFrame, BoostingRows]],
    ) -> tuple[Enrichment, list[BoostingRows]]:
        """Learn the means of all parts' rows, and tell them to these rows themselves.

        Nothing wide is joined: the parts stay apart, and of the features only the keys' are taken.
        """
        names = sorted({levels.name for key in keys for levels in key})
        features = pd.concat([features[names] for features, _ in parts])
        rows = _narrow([rows for _, rows in parts])
        parted = self._parted(features, rows, derive_seed(self.seed, "means", position))
        enrichment, told = Enrichment.learn(keys, parted, answers_of(target, rows.labels))
        ends = np.cumsum([len(rows.labels) for _, rows in parts])
        own = np.split(told, ends[:-1])
        return enrichment, [_beside(rows, each) for (_, rows), each in zip(parts, own, strict=True)]

    def _parted(self, features: pd.DataFrame, rows: BoostingRows, seed: int) -> PartedRows:
        return PartedRows(
            columns=self.columns_,
            features=features,
            weights=rows.weights,
            groups=rows.groups,
            parts=rows.parts(PARTS, seed),
        )

    def _boosting(
        self, target: Target, position: int, checkpoints: Path | None, rows: int
    ) -> Boosting:
        settings = {
            name: parameter.choose(self.params[name], rows)
            if isinstance(parameter, BySize)
            else self.params[name]
            for name, parameter in KINDS[self.KIND].parameters.items()
            if name not in _OWN
        }
        settings |= {
            **objective_settings(target),
            "seed": derive_seed(self.seed, "gbdt", position),
            "num_threads": self.threads,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }
        return Boosting(
            target=target,
            settings=settings,
            categorical=[*range(len(self.columns_.numeric), len(self.columns_.names))],
            rounds=int(self.params["rounds"]),
            patience=int(self.params["patience"]),
            position=position,
            checkpoints=checkpoints,
        )

    def _directed(self, boosting: Boosting, rows: BoostingRows) -> Boosting:
        """Hold the booster to the directions that are asked for."""
        signs = monotone_signs(self.params, self.columns_)
        if not signs:
            return boosting
        free = [0] * (rows.matrix.shape[1] - len(signs))
        return replace(
            boosting, settings={**boosting.settings, "monotone_constraints": [*signs, *free]}
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


def _labelled(data: FoldData, position: int, matrix: Floats) -> tuple[pd.DataFrame, BoostingRows]:
    """Return the rows that have a label of a target."""
    rows = BoostingRows(
        matrix=matrix,
        labels=data.labels[:, position],
        weights=data.weights,
        groups=data.groups,
    )
    known = ~np.isnan(rows.labels)
    return (data.features, rows) if known.all() else (data.features[known], rows.take(known))


def _narrow(parts: Sequence[BoostingRows]) -> BoostingRows:
    """Join rows, but for their matrices."""
    labels = np.concatenate([part.labels for part in parts])
    return BoostingRows(
        matrix=np.empty((len(labels), 0)),
        labels=labels,
        weights=np.concatenate([part.weights for part in parts]),
        groups=np.concatenate([part.groups for part in parts]),
    )


def _beside(rows: BoostingRows, told: Floats) -> BoostingRows:
    # A wide matrix is copied only where there is something to add.
    return replace(rows, matrix=_with(rows.matrix, told))


def _with(matrix: Floats, told: Floats) -> Floats:
    return np.hstack([matrix, told]) if told.shape[1] else matrix


def _booster(text: str) -> lgb.Booster:
    """Take a booster through its stored form, so that loading one gives the same bits."""
    import lightgbm as lgb

    return lgb.Booster(model_str=text)
