"""Scoring rows with an ensemble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from yule_models.alignment import KEYS, check_aligned
from yule_models.estimators import Estimator
from yule_models.outputs import output_columns, prediction_columns
from yule_models.registry import load_estimator
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = ["BATCH_ROWS", "EnsembleMember", "predict_in_batches", "score"]

BATCH_ROWS = 16_384
"""Rows that are predicted at once. A constant, since sums in another order differ in bits."""


@dataclass(frozen=True, kw_only=True)
class EnsembleMember:
    """A model of an ensemble.

    Attributes:
        folders: Where its estimators lie, one for each fold; their predictions are averaged.
        weights: Its weight by target.
    """

    folders: Sequence[Path]
    weights: Mapping[str, float]


def score(
    features: Sequence[pa.Table], members: Iterable[EnsembleMember], targets: Sequence[Target]
) -> pa.Table:
    """Blend the members' predictions; a member without weight is not even loaded.

    Args:
        features: entity_id, as_of, and the features: one table for all estimators, or one for each
            fold's; they describe the same rows in the same order.
        members: The ensemble, in an order that is always the same.
        targets: The targets, as the members were trained on them.

    Returns:
        entity_id, as_of, and the columns of predictions, row by row as in `features`.

    Raises:
        AlignmentError: If the tables describe different rows.
    """
    for other in features[1:]:
        check_aligned(features[0], other, names=("features of one fold", "features of another"))
    frames, columns = [feature_frame(table) for table in features], output_columns(targets)
    total = np.zeros((len(frames[0]), sum(target.outputs for target in targets)))
    for member in members:
        weights = np.concatenate(
            [np.full(len(names), member.weights[name]) for name, names in columns.items()]
        )
        if weights.any():
            total += weights * _mean_prediction(frames, member.folders)
    return pa.table({key: features[0][key] for key in KEYS} | prediction_columns(total, targets))


def predict_in_batches(estimator: Estimator, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Predict a table in batches of a fixed size, so that memory stays flat."""
    starts = range(0, max(len(frame), 1), BATCH_ROWS)
    batches = [estimator.predict(frame.iloc[start : start + BATCH_ROWS]) for start in starts]
    return np.concatenate(batches)


def _mean_prediction(
    frames: Sequence[pd.DataFrame], folders: Sequence[Path]
) -> npt.NDArray[np.float64]:
    described = frames if len(frames) > 1 else [*frames] * len(folders)
    first, *others = (
        predict_in_batches(load_estimator(folder), frame)
        for folder, frame in zip(folders, described, strict=True)
    )
    return sum(others, start=first) / len(folders)
