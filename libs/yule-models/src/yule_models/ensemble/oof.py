"""The out-of-fold predictions of one model, brought together from its folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.alignment import check_aligned
from yule_models.ensemble.errors import EnsembleError
from yule_models.folds import assignments
from yule_models.outputs import prediction_matrix

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["ModelOof", "gather_oof"]


@dataclass(frozen=True, kw_only=True)
class ModelOof:
    """What one model predicted for rows that it had not been trained on.

    Attributes:
        name: The model's name.
        is_candidate: Whether it may be given a weight; baselines may not.
        predictions: Of shape (rows of the folds table, outputs), the mean over repeats; NaN where
            no fold validates a row.
        importances: Share of each feature, from each fold that can tell.
    """

    name: str
    is_candidate: bool
    predictions: npt.NDArray[np.float64]
    importances: Sequence[Mapping[str, float]] = ()


def gather_oof(
    tables: Mapping[int, pa.Table], folds: pa.Table, targets: Sequence[Target], *, model: str
) -> npt.NDArray[np.float64]:
    """Put the predictions of a model's folds in the order of the rows.

    Args:
        tables: The out-of-fold table of each fold.
        folds: What `assign_folds` returned.
        targets: The targets.
        model: The model's name, for errors.

    Returns:
        Predictions of shape (n, outputs), of several repeats the mean; NaN where a row is never
        validated.

    Raises:
        EnsembleError: If a fold is missing.
        AlignmentError: If a table holds other rows than those of its fold.
    """
    assigned = assignments(folds)
    expected = set(np.unique(assigned[assigned >= 0]).tolist())
    if set(tables) != expected:
        raise EnsembleError(
            f"The model {model!r} was fitted on the folds {sorted(tables)}, but there are the "
            f"folds {sorted(expected)}; fit it on each of them."
        )
    parts = {fold: prediction_matrix(table, targets) for fold, table in tables.items()}
    outputs = next(iter(parts.values())).shape[1]
    predictions = np.full((len(assigned), folds.num_rows, outputs), np.nan)
    for fold, table in tables.items():
        repeat, rows = _validated(assigned, fold)
        names = (f"predictions of fold {fold} of {model!r}", "fold's rows")
        check_aligned(table, folds.take(rows), names=names)
        predictions[repeat, rows] = parts[fold]
    first, *others = predictions
    total: npt.NDArray[np.float64] = sum(others, start=first)
    return total / len(predictions)


def _validated(assigned: npt.NDArray[np.int32], fold: int) -> tuple[int, npt.NDArray[np.int64]]:
    """Return the repeat that a fold is of, and the rows that it validates."""
    repeat = int(np.flatnonzero((assigned == fold).any(axis=1))[0])
    return repeat, np.flatnonzero(assigned[repeat] == fold)
