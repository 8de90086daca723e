"""What is seen of models, and of their ensemble, on rows that none of them was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from yule_models.alignment import row_weights
from yule_models.encoding.columns import sequence_columns
from yule_models.ensemble import Blend
from yule_models.ensemble.importance import blend_importances
from yule_models.estimators import Estimator
from yule_models.explanation.permutation import permuted_tables
from yule_models.metrics import encode_labels, loss_of
from yule_models.outputs import output_slices
from yule_models.targets import Target

__all__ = ["ATTRIBUTED_ROWS", "MOST_PERMUTED", "ExplainedMember", "Study", "ranked_features"]

Floats = npt.NDArray[np.float64]

ATTRIBUTED_ROWS = 100
"""Rows whose predictions are attributed to features, at most."""
MOST_PERMUTED = 50
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


class Study:
    """Looks at the models of a fold: by permuting their features, and by what these contribute.

    Args:
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.

    Attributes:
        found: As in `FoldExplanation`.
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
        """Permute and attribute rows, with an estimator for each member."""
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
        self._attribute(estimators, frame.iloc[:ATTRIBUTED_ROWS], typical, players)

    def _permuted(self, names: list[str]) -> list[str]:
        if len(names) <= MOST_PERMUTED:
            return names
        return sorted(names, key=lambda name: -self._gains.get(name, 0.0))[:MOST_PERMUTED]

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
