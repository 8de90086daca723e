"""The columns of predictions: one for each output of each target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.errors import YuleModelsError

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = [
    "LABEL_PREFIX",
    "OutputError",
    "output_columns",
    "output_slices",
    "prediction_columns",
    "prediction_matrix",
]

LABEL_PREFIX = "label."
"""Out-of-fold tables hold the label of each target under this prefix."""


class OutputError(YuleModelsError):
    """Predictions do not have the shape that their targets ask for."""


def output_columns(targets: Sequence[Target]) -> dict[str, tuple[str, ...]]:
    """Return the names of each target's columns, in the order in which estimators predict them.

    A binary target (the probability of 1) and a regression target have one column, named as the
    target; a multiclass target has one for each class, named `<target>.<class>`.
    """
    return {
        target.name: (
            tuple(f"{target.name}.{label}" for label in target.classes or ())
            if target.kind == "multiclass"
            else (target.name,)
        )
        for target in targets
    }


def output_slices(targets: Sequence[Target]) -> dict[str, slice]:
    """Return where each target's columns stand in a matrix of predictions."""
    slices, start = {}, 0
    for target in targets:
        slices[target.name] = slice(start, start + target.outputs)
        start += target.outputs
    return slices


def prediction_columns(
    predictions: npt.NDArray[np.float64], targets: Sequence[Target]
) -> dict[str, pa.Array]:
    """Name the columns of a matrix of predictions.

    Args:
        predictions: Of shape (n, outputs), the outputs of all targets side by side.
        targets: The targets in that order.

    Raises:
        OutputError: If the number of outputs is another.
    """
    names = [name for columns in output_columns(targets).values() for name in columns]
    if predictions.ndim != 2 or predictions.shape[1] != len(names):
        raise OutputError(
            f"Predictions of {', '.join(names)} need {len(names)} columns, got an array of shape "
            f"{predictions.shape}."
        )
    return {name: pa.array(predictions[:, i], pa.float64()) for i, name in enumerate(names)}


def prediction_matrix(table: pa.Table, targets: Sequence[Target]) -> npt.NDArray[np.float64]:
    """Return what `prediction_columns` has named, of shape (n, outputs)."""
    names = [name for columns in output_columns(targets).values() for name in columns]
    return np.column_stack([table[name].to_numpy() for name in names])
