"""How one target is fitted: what its means tell first, then its rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from gokart_store import derive_seed

from yule_models.encoding import FeatureColumns
from yule_models.encoding.target_means import PARTS, PartedRows
from yule_models.errors import TargetError
from yule_models.estimators.gbdt.boosting import Boosting, BoostingRows
from yule_models.estimators.gbdt.curve import BoosterCurve
from yule_models.estimators.gbdt.enrichment import Enrichment, Key, find_keys
from yule_models.estimators.gbdt.losses import answers_of, objective_settings
from yule_models.estimators.gbdt.monotone import monotone_signs
from yule_models.estimators.gbdt.rows import LabelledRows
from yule_models.estimators.inputs import CurvePoint
from yule_models.kinds import KINDS
from yule_models.parameters import BySize
from yule_models.targets import Target

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["FittedTarget", "TargetFit", "stored_booster"]

_OWN = ("rounds", "patience", "crosses", "monotone", "refit")
"""Parameters of the kind that are none of LightGBM's."""
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, kw_only=True)
class FittedTarget:
    """What the fit of a target comes to.

    Attributes:
        booster: Its booster.
        enrichment: The columns that the booster is given beside the table's own.
        best_step: The round that early stopping chose, or the last.
    """

    booster: lgb.Booster
    enrichment: Enrichment
    best_step: int


@dataclass(frozen=True, kw_only=True)
class TargetFit:
    """The fit of one target.

    Attributes:
        target: The target.
        position: Its place among all.
        columns: The columns of the table.
        params: Parameters of the kind.
        seed: Seed of the estimator.
        threads: Threads of the fit.
        prefix: What its curve is called by, as `spend/`.
        on_step: Told of each round.
        checkpoints: Folder in which it is kept how far the rounds have come; None: nowhere.
    """

    target: Target
    position: int
    columns: FeatureColumns
    params: Mapping[str, Any]
    seed: int
    threads: int
    prefix: str
    on_step: Callable[[CurvePoint], None]
    checkpoints: Path | None

    def fit(self, training: LabelledRows, inner: LabelledRows | None = None) -> FittedTarget:
        """Boost the training rows, stop early by the inner ones, and boost all of them again.

        Raises:
            TargetError: If there are too few rows, or too large a label.
        """
        parts = [training] if inner is None else [training, inner]
        self._check(parts)
        boosting = self._boosting(len(training))
        keys = self._keys(boosting, training)
        enrichment, (learned_from,) = self._enriched(keys, parts[:1])
        stopped_by = None
        if inner is not None:
            stopped_by = inner.with_told(enrichment.transform(self.columns, inner.features))
        boosting = self._directed(boosting, learned_from)
        curve = BoosterCurve(
            self.target,
            prefix=self.prefix,
            learning_rate=float(boosting.settings["learning_rate"]),
            inner=None if stopped_by is None else (stopped_by.labels, stopped_by.weights),
            on_step=self.on_step,
        )
        booster, chosen = boosting.boost(learned_from, stopped_by, curve)
        if inner is None or not self.params["refit"]:
            text = booster.model_to_string(chosen)
        else:
            enrichment, everything = self._enriched(keys, parts)
            text = boosting.boost_again(everything, chosen=chosen).model_to_string()
        return FittedTarget(booster=stored_booster(text), enrichment=enrichment, best_step=chosen)

    def _check(self, parts: Sequence[LabelledRows]) -> None:
        if len(parts[0]) < 2:
            raise TargetError(
                f"Trees need two labelled rows of {self.target.name!r} to learn from, got 1 "
                "sample. Add rows, or take another kind of model."
            )
        largest = max(float(np.abs(part.boosted.labels).max()) for part in parts)
        if largest > _LARGEST:
            raise TargetError(
                f"The target {self.target.name!r} reaches {largest:.3g}, and LightGBM counts up to "
                f"{_LARGEST:.3g}. Divide it, as into thousands or millions."
            )

    def _boosting(self, rows: int) -> Boosting:
        settings = {
            name: parameter.choose(self.params[name], rows)
            if isinstance(parameter, BySize)
            else self.params[name]
            for name, parameter in KINDS["gbdt"].parameters.items()
            if name not in _OWN
        }
        settings |= {
            **objective_settings(self.target),
            "seed": derive_seed(self.seed, "gbdt", self.position),
            "num_threads": self.threads,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }
        return Boosting(
            target=self.target,
            settings=settings,
            categorical=[*range(len(self.columns.numeric), len(self.columns.names))],
            rounds=int(self.params["rounds"]),
            patience=int(self.params["patience"]),
            position=self.position,
            checkpoints=self.checkpoints,
        )

    def _keys(self, boosting: Boosting, rows: LabelledRows) -> list[Key]:
        """Find the columns, and the pairs of columns, that are told by means of the target."""
        return find_keys(
            self._parted(rows, boosting.settings["seed"]),
            crosses=int(self.params["crosses"]),
            # The mean of a cell may fall where the column rises.
            uncrossed=self.params["monotone"],
            residuals=lambda some: boosting.residuals(rows.boosted.take(some)),
        )

    def _enriched(
        self, keys: Sequence[Key], parts: Sequence[LabelledRows]
    ) -> tuple[Enrichment, list[BoostingRows]]:
        """Learn the means of all parts' rows, and tell them to these rows themselves.

        Nothing wide is joined: the parts stay apart, and of the features only the keys' are taken.
        """
        rows = LabelledRows.joined(parts, sorted({levels.name for key in keys for levels in key}))
        parted = self._parted(rows, derive_seed(self.seed, "means", self.position))
        answers = answers_of(self.target, rows.boosted.labels)
        enrichment, told = Enrichment.learn(keys, parted, answers)
        own = np.split(told, np.cumsum([len(part) for part in parts])[:-1])
        return enrichment, [part.with_told(each) for part, each in zip(parts, own, strict=True)]

    def _parted(self, rows: LabelledRows, seed: int) -> PartedRows:
        return PartedRows(
            columns=self.columns,
            features=rows.features,
            weights=rows.boosted.weights,
            groups=rows.boosted.groups,
            parts=rows.boosted.parts(PARTS, seed),
        )

    def _directed(self, boosting: Boosting, rows: BoostingRows) -> Boosting:
        """Hold the booster to the directions that are asked for."""
        signs = monotone_signs(self.params, self.columns)
        if not signs:
            return boosting
        free = [0] * (rows.matrix.shape[1] - len(signs))
        return replace(
            boosting, settings={**boosting.settings, "monotone_constraints": [*signs, *free]}
        )


def stored_booster(text: str) -> lgb.Booster:
    """Take a booster through its stored form, so that loading one gives the same bits."""
    import lightgbm as lgb

    return lgb.Booster(model_str=text)
