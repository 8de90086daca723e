"""How much each feature matters to the models of one fold, on rows they were not trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from gokart_store import derive_seed

from yule_models.alignment import row_weights
from yule_models.encoding.columns import sequence_columns
from yule_models.ensemble import Blend
from yule_models.ensemble.importance import blend_importances
from yule_models.estimators import Estimator
from yule_models.explanation.permutation import permuted_tables
from yule_models.explanation.sampling import MOST_PREDICTIONS
from yule_models.explanation.typical import typical_row
from yule_models.folds import split_fold
from yule_models.metrics import encode_labels, loss_of
from yule_models.outputs import output_slices
from yule_models.registry import load_estimator
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = [
    "ExplainedMember",
    "FoldExplanation",
    "explain_fold",
    "predictions_of_a_fold",
    "ranked_features",
]

Floats = npt.NDArray[np.float64]
_CELLS, _MOST_ROWS = 20_000, 1_000
"""So many values are permuted of a fold, in so many rows, at most."""
_ATTRIBUTED_ROWS = 100
_TYPICAL_ROWS = 2_000
_MOST_PERMUTED = 50
"""Of more features, those are permuted that models gain most by."""
_ENSEMBLE = ""
"""Stands for the ensemble where models have names."""


@dataclass(frozen=True, kw_only=True)
class ExplainedMember:
    """A model of an ensemble.

    Attributes:
        name: Its name.
        folders: For each fold, where its estimator lies.
        gains: Share of each feature by the model's own account, over all targets; empty where it
            has none.
    """

    name: str
    folders: Sequence[Path]
    gains: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class FoldExplanation:
    """What was seen of a fold.

    Attributes:
        rows: Rows that were drawn.
        found: By target, by model ("" for the ensemble), by method (`permutation` or `shap`) and by
            feature; a method is missing where the rows have no label, or the model no share.
        gains: By model and target, the model's own account of its features; without models whose
            kinds cannot tell targets apart.
        typical: The row that contributions are told from.
    """

    rows: int
    gains: Mapping[str, Mapping[str, Mapping[str, float]]]
    found: Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]
    typical: pd.DataFrame

    def to_json(self) -> dict[str, Any]:
        """Return what was seen, without the typical row."""
        return {"rows": self.rows, "found": self.found, "gains": self.gains}


def explain_fold(
    features: pa.Table,
    labels: pa.Table,
    folds: pa.Table,
    *,
    fold: int,
    members: Sequence[ExplainedMember],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
    seed: int,
) -> FoldExplanation:
    """Explain the models of a fold, and their ensemble, on its held-out rows.

    So many rows are drawn that 20,000 values are permuted, at most 1,000; contributions are those
    of 100. So the work is bounded, whatever the size of the table.

    Args:
        features: The fold's features of the labelled rows, row by row.
        labels: The labelled rows: entity_id, as_of, each target, and perhaps row_weight.
        folds: What `assign_folds` returned for them.
        fold: Number of the fold.
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.
        seed: Seed of the run.
    """
    study = _Study(members=members, targets=targets, blends=blends)
    split = split_fold(folds, fold)
    some = _drawn(split.training, _TYPICAL_ROWS, derive_seed(seed, "typical", fold))
    typical = typical_row(feature_frame(features.take(pa.array(some))))
    number = _rows_looked_at(len(typical.columns))
    drawn = _drawn(split.validation, number, derive_seed(seed, "explained", fold))
    estimators = [load_estimator(member.folders[fold]) for member in members]
    study.look(
        estimators,
        feature_frame(features.take(pa.array(drawn))),
        labels.take(pa.array(drawn)),
        typical=typical,
        seed=derive_seed(seed, "permuted", fold),
    )
    gains = {
        member.name: own
        for member, estimator in zip(members, estimators, strict=True)
        if (own := estimator.target_importances()) is not None
    }
    return FoldExplanation(rows=len(drawn), found=study.found, gains=gains, typical=typical)


class _Study:
    """Collects what is seen of a fold.

    Args:
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.
    """

    def __init__(
        self,
        *,
        members: Sequence[ExplainedMember],
        targets: Sequence[Target],
        blends: Mapping[str, Blend],
    ) -> None:
        self._members, self._targets, self._blends = members, targets, blends
        self._slices = output_slices(targets)
        self.found: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
        parts = [
            (blend.shares.get(member.name, 0.0), member.gains)
            for blend in blends.values()
            for member in members
        ]
        self._gains = blend_importances([(weight, gains) for weight, gains in parts if weight > 0])

    def look(
        self,
        estimators: Sequence[Estimator],
        frame: pd.DataFrame,
        labels: pa.Table,
        *,
        typical: pd.DataFrame,
        seed: int,
    ) -> None:
        """Permute and attribute the rows of a fold."""
        answers = {t.name: encode_labels(t, labels[t.name].to_pandas()) for t in self._targets}
        weights = row_weights(labels)
        before = self._losses([e.predict(frame) for e in estimators], answers, weights)
        rises: dict[tuple[str, str | None], dict[str, float]] = {key: {} for key in before}
        random = np.random.default_rng(seed)
        names = self._permuted([*frame.columns.drop([*sequence_columns(frame)])])
        for some, mixed in permuted_tables(frame, names, random):
            predictions = [e.predict(mixed) for e in estimators]
            for place, name in enumerate(some):
                part = slice(place * len(frame), (place + 1) * len(frame))
                after = self._losses([own[part] for own in predictions], answers, weights)
                for key, loss in after.items():
                    rises[key][name] = loss - before[key]
        for (target, model), found in rises.items():
            self._keep(target, model, "permutation", found)
        players = ranked_features([own for (_, model), own in rises.items() if model is None])
        self._attribute(estimators, frame.iloc[:_ATTRIBUTED_ROWS], typical, players)

    def _permuted(self, names: list[str]) -> list[str]:
        if len(names) <= _MOST_PERMUTED:
            return names
        return sorted(names, key=lambda name: -self._gains.get(name, 0.0))[:_MOST_PERMUTED]

    def _losses(
        self,
        predictions: Sequence[Floats],
        answers: Mapping[str, Floats],
        weights: Floats | None,
    ) -> dict[tuple[str, str | None], float]:
        """Return the loss of each target's models, and of the ensemble under the name None."""
        found: dict[tuple[str, str | None], float] = {}
        for target in self._targets:
            labels, blend = answers[target.name], self._blends[target.name]
            known = ~np.isnan(labels)
            if not known.any():
                continue
            loss = loss_of(target, None, None if weights is None else weights[known])
            own = {
                member.name: each[known][:, self._slices[target.name]]
                for member, each in zip(self._members, predictions, strict=True)
                if member.name in blend.weights
            }
            for name, outputs in own.items():
                found[target.name, name] = loss(labels[known], outputs)
            found[target.name, None] = loss(labels[known], blend.apply(own))
        return found

    def _attribute(
        self,
        estimators: Sequence[Estimator],
        frame: pd.DataFrame,
        typical: pd.DataFrame,
        players: Sequence[str],
    ) -> None:
        """Note the mean absolute contributions."""
        totals: dict[str, Floats] = {}
        for member, estimator in zip(self._members, estimators, strict=True):
            found = estimator.contributions(frame, typical, players=players)
            for target in self._targets:
                share = self._blends[target.name].shares.get(member.name)
                if share is None:
                    continue
                own = found[:, :, self._slices[target.name]]
                self._note(target.name, member.name, own, list(frame.columns))
                totals[target.name] = totals.get(target.name, 0.0) + share * own
        for name, total in totals.items():
            self._note(name, None, total, list(frame.columns))

    def _note(self, target: str, model: str | None, found: Floats, names: list[str]) -> None:
        sizes = np.abs(found).mean(axis=(0, 2)).tolist()
        self._keep(target, model, "shap", dict(zip(names, sizes, strict=True)))

    def _keep(self, target: str, model: str | None, method: str, found: dict[str, float]) -> None:
        by_model = self.found.setdefault(target, {}).setdefault(model or _ENSEMBLE, {})
        by_model[method] = found


def predictions_of_a_fold(columns: int) -> int:
    """Return how many rows `explain_fold` has each model predict, at most, of so many features."""
    permuted = min(columns, _MOST_PERMUTED) + 1
    return _rows_looked_at(columns) * permuted + _ATTRIBUTED_ROWS * MOST_PREDICTIONS


def ranked_features(rises: Sequence[Mapping[str, float]]) -> list[str]:
    """Return features by their largest share, over targets, of what permutation harms.

    Args:
        rises: Of each target, by how much the ensemble's loss rises.
    """
    shares: dict[str, float] = {}
    for found in rises:
        total = sum(rise for rise in found.values() if rise > 0) or 1.0
        for name, rise in found.items():
            shares[name] = max(shares.get(name, 0.0), rise / total)
    return sorted(shares, key=lambda name: (-shares[name], name))


def _rows_looked_at(columns: int) -> int:
    return min(_CELLS // min(columns, _MOST_PERMUTED), _MOST_ROWS)


def _drawn(rows: npt.NDArray[np.int64], most: int, seed: int) -> npt.NDArray[np.int64]:
    return np.sort(np.random.default_rng(seed).permutation(rows)[:most])
