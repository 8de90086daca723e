"""Folds of all repeats, as a table holds them: one column of fold numbers for each repeat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["assignments", "fold_column", "fold_count"]


def fold_column(place: int) -> str:
    """Return the name of the column with the folds of a table's repeat, counted from 0."""
    return f"fold.{place}" if place else "fold"


def assignments(folds: pa.Table) -> npt.NDArray[np.int32]:
    """Return the folds of each row, of shape (repeats, n); -1 where a row is never validated.

    Folds are numbered through: of five folds and two repeats, those of the second are 5 to 9.

    Args:
        folds: What `assign_folds` returned.
    """
    found: list[npt.NDArray[np.int32]] = []
    while (name := fold_column(len(found))) in folds.column_names:
        found.append(folds[name].to_numpy())
    return np.vstack(found)


def fold_count(folds: pa.Table) -> int:
    """Return the number of folds, those of all repeats together."""
    return int(assignments(folds).max()) + 1
