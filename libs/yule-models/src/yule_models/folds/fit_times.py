"""Until when a fold may learn from data without labels."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from yule_models.folds.repeats import fold_count
from yule_models.folds.split import split_fold

__all__ = ["fit_times"]


def fit_times(folds: pa.Table) -> list[datetime]:
    """Return for each fold the time until which it may learn from data without labels.

    In a forward scheme that is the fold's earliest validation `as_of`. Without a direction of time
    it is the last `as_of` of all rows, the same for all folds, so that they can share what they
    learn.

    Args:
        folds: What `assign_folds` returned.
    """
    as_of = folds["as_of"].cast(pa.timestamp("us", "UTC"))
    count = fold_count(folds)
    if folds["label_end"].null_count:
        return [pc.max(as_of).as_py()] * count
    return [
        pc.min(as_of.take(pa.array(split_fold(folds, fold).validation))).as_py()
        for fold in range(count)
    ]
