"""How much each feature matters to the models of one fold, on rows they were not trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from gokart_store import derive_seed

from yule_models.ensemble import Blend
from yule_models.explanation.sampling import MOST_PREDICTIONS
from yule_models.explanation.study import (
    ATTRIBUTED_ROWS,
    MOST_PERMUTED,
    ExplainedMember,
    Study,
)
from yule_models.explanation.typical import typical_row
from yule_models.folds import split_fold
from yule_models.registry import load_estimator
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = ["FoldExplanation", "explain_fold", "predictions_of_a_fold"]

_CELLS, _MOST_ROWS = 20_000, 1_000
"""So many values are permuted of a fold, in so many rows, at most."""
_TYPICAL_ROWS = 2_000


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
    study = Study(members=members, targets=targets, blends=blends)
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


def predictions_of_a_fold(columns: int) -> int:
    """Return how many rows `explain_fold` has each model predict, at most, of so many features."""
    permuted = min(columns, MOST_PERMUTED) + 1
    return _rows_looked_at(columns) * permuted + ATTRIBUTED_ROWS * MOST_PREDICTIONS


def _rows_looked_at(columns: int) -> int:
    return min(_CELLS // min(columns, MOST_PERMUTED), _MOST_ROWS)


def _drawn(rows: npt.NDArray[np.int64], most: int, seed: int) -> npt.NDArray[np.int64]:
    return np.sort(np.random.default_rng(seed).permutation(rows)[:most])
