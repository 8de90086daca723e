"""How much each feature matters to each model and to the ensemble, out of fold.

Permutation importance: Breiman: Random Forests, Machine Learning 2001; of whole models Fisher,
Rudin and Dominici: All models are wrong, but many are useful, JMLR 2019. Mean contributions:
Lundberg et al.: From local explanations to global understanding with explainable AI for trees,
Nature Machine Intelligence 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from yule_models.explanation.typical import typical_row
from yule_models.folds import split_fold
from yule_models.metrics import default_metric, encode_labels, loss_of
from yule_models.outputs import output_slices
from yule_models.registry import load_estimator
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = ["ExplainedMember", "explain_ensemble", "ranked_features"]

Floats = npt.NDArray[np.float64]
_CELLS, _LEAST_ROWS, _MOST_ROWS = 20_000, 100, 1_000
"""So many values are permuted of a fold, in so many rows."""
_ATTRIBUTED_ROWS = 100
_TYPICAL_ROWS = 2_000
_MOST_PERMUTED = 50
"""Of more features, those are permuted that models gain most by."""


@dataclass(frozen=True, kw_only=True)
class ExplainedMember:
    """A model of an ensemble.

    Attributes:
        name: Its name.
        folders: For each fold, where its estimator lies.
        gains: Share of each feature by the model's own account; empty where it has none.
    """

    name: str
    folders: Sequence[Path]
    gains: Mapping[str, float]


def explain_ensemble(
    features: Callable[[int], pa.Table],
    labels: pa.Table,
    folds: pa.Table,
    *,
    members: Sequence[ExplainedMember],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
    seed: int,
) -> tuple[dict[str, Any], list[pd.DataFrame]]:
    """Explain the models that an ensemble uses, and the ensemble, on rows they were not trained on.

    Of each fold as many rows are drawn as make 20,000 values, between 100 and 1,000; contributions
    are those of 100. So the work is bounded, whatever the size of the table.

    Args:
        features: Of each fold the features of the labelled rows, row by row.
        labels: The labelled rows: entity_id, as_of, each target, and perhaps row_weight.
        folds: What `assign_folds` returned for them.
        members: The models.
        targets: The targets.
        blends: By target, how the models are combined.
        seed: Seed of the run.

    Returns:
        JSON: `rows` (drawn in all); `targets`, by name `loss` (what permutation raises), `unit` of
        contributions ("log-odds" or "value") and for each of `models` and the `ensemble`
        `permutation` (by how much the loss rises when the feature's values change rows, mean over
        folds; below 0 where it falls), `shap` (mean absolute contribution) and `gain` (share by the
        model's own account), all by feature, the largest first. And the typical row of each fold.
    """
    study = _Study(members=members, targets=targets, blends=blends)
    typical, rows = [], 0
    for fold in range(len(members[0].folders)):
        table = features(fold)
        split = split_fold(folds, fold)
        some = _drawn(split.training, _TYPICAL_ROWS, derive_seed(seed, "typical", fold))
        typical.append(typical_row(feature_frame(table.take(pa.array(some)))))
        number = int(np.clip(_CELLS // len(typical[0].columns), _LEAST_ROWS, _MOST_ROWS))
        drawn = _drawn(split.validation, number, derive_seed(seed, "explained", fold))
        rows += len(drawn)
        study.look(
            [load_estimator(member.folders[fold]) for member in members],
            feature_frame(table.take(pa.array(drawn))),
            labels.take(pa.array(drawn)),
            typical=typical[-1],
            seed=derive_seed(seed, "permuted", fold),
        )
    return {"rows": rows, "targets": study.report()}, typical


class _Study:
    """Collects what is seen of each fold.

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
        self._found: dict[tuple[str, str | None, str], list[dict[str, float]]] = {}
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
        for name in self._permuted([*frame.columns.drop([*sequence_columns(frame)])]):
            mixed = frame.copy(deep=False)
            order = random.permutation(len(frame))
            mixed[name] = frame[name].iloc[order].set_axis(frame.index)
            after = self._losses([e.predict(mixed) for e in estimators], answers, weights)
            for key, loss in after.items():
                rises[key][name] = loss - before[key]
        for (target, model), found in rises.items():
            self._found.setdefault((target, model, "permutation"), []).append(found)
        players = ranked_features([own for (_, model), own in rises.items() if model is None])
        self._attribute(estimators, frame.iloc[:_ATTRIBUTED_ROWS], typical, players)

    def report(self) -> dict[str, Any]:
        """Return what was found by target, as JSON."""
        return {target.name: self._report(target) for target in self._targets}

    def _report(self, target: Target) -> dict[str, Any]:
        shares = self._blends[target.name].shares
        used = [member for member in self._members if member.name in shares]
        gains = {member.name: dict(member.gains) for member in used}
        own = blend_importances([(shares[name], found) for name, found in gains.items() if found])
        return {
            "loss": default_metric(target),
            "unit": "value" if target.kind == "regression" else "log-odds",
            "models": {
                member.name: self._of(target, member.name, _ordered(gains[member.name]))
                for member in used
            },
            "ensemble": self._of(target, None, own),
        }

    def _of(self, target: Target, model: str | None, gain: Mapping[str, float]) -> dict[str, Any]:
        return {
            "permutation": _ordered(
                _mean(self._found.get((target.name, model, "permutation"), []))
            ),
            "shap": _ordered(_mean(self._found.get((target.name, model, "shap"), []))),
            "gain": dict(gain),
        }

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
        entry = dict(zip(names, sizes, strict=True))
        self._found.setdefault((target, model, "shap"), []).append(entry)


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


def _drawn(rows: npt.NDArray[np.int64], most: int, seed: int) -> npt.NDArray[np.int64]:
    return np.sort(np.random.default_rng(seed).permutation(rows)[:most])


def _mean(folds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean over the folds that know a feature."""
    names = dict.fromkeys(name for fold in folds for name in fold)
    return {name: float(np.mean([fold[name] for fold in folds if name in fold])) for name in names}


def _ordered(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))
