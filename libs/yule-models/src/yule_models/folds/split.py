"""What one fold trains on, and what it validates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from yule_models.folds.errors import FoldError
from yule_models.folds.repeats import assignments

__all__ = ["FoldSplit", "split_fold"]


@dataclass(frozen=True, kw_only=True)
class FoldSplit:
    """Positions of rows, ascending.

    Attributes:
        training: Rows that the fold's model may see.
        validation: Rows that it is judged on.
        purged: How many rows before the validation were left out, since their labels were settled,
            or the gap after them was over, only after it had begun.
    """

    training: npt.NDArray[np.int64]
    validation: npt.NDArray[np.int64]
    purged: int


def split_fold(folds: pa.Table, fold: int) -> FoldSplit:
    """Return the rows of a fold.

    Args:
        folds: What `assign_folds` returned.
        fold: Number of the fold, from 0 on; those of further repeats come after those of the first.

    Raises:
        FoldError: If there is no such fold.
    """
    assigned = assignments(folds)
    is_validated = (assigned == fold).any(axis=0)
    if fold < 0 or not is_validated.any():
        raise FoldError(f"There is no fold {fold}; the last one is {assigned.max()}.")
    if folds["label_end"].null_count:
        training, purged = ~is_validated, 0
    else:
        as_of = folds["as_of"].cast(pa.timestamp("us", "UTC"))
        start = pc.min(as_of.filter(pa.array(is_validated)))
        is_earlier = pc.less(as_of, start).to_numpy()
        end = "gap_end" if "gap_end" in folds.column_names else "label_end"
        is_ready = pc.less_equal(folds[end], start).to_numpy()
        training = is_earlier & is_ready
        purged = int(np.count_nonzero(is_earlier & ~is_ready))
    return FoldSplit(
        training=np.flatnonzero(training),
        validation=np.flatnonzero(is_validated),
        purged=purged,
    )
