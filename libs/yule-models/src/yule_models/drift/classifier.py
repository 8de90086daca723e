"""Telling two groups of rows apart, by a small model of their features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from yule_models.bins import MOST_BINS

__all__ = ["tell_apart"]

_FOLDS = 2
_ROUNDS = 40
_PARAMS = {
    "objective": "binary",
    "num_leaves": 8,
    "learning_rate": 0.2,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.5,
    "max_bin": MOST_BINS,
    "force_col_wise": True,
    "deterministic": True,
    "verbosity": -1,
}


def tell_apart(
    codes: npt.NDArray[np.uint8],
    is_second: npt.NDArray[np.bool_],
    hashes: npt.NDArray[np.uint64],
    *,
    threads: int,
) -> float | None:
    """Learn on the entities of one half which group a row is of, and judge on the other half.

    Args:
        codes: The bins of the features, of shape (n, features).
        is_second: Whether a row is of the second group, of shape (n,).
        hashes: A hash of each row's entity, of shape (n,): all rows of one are in one half.
        threads: Threads of the fits.

    Returns:
        The area under the ROC curve, the mean of both halves; None where a half lacks a group.
    """
    import lightgbm as lgb
    from sklearn.metrics import roc_auc_score  # slow to load, and every pod loads this module

    half = (hashes % np.uint64(_FOLDS)).astype(np.int64)
    if any(len(np.unique(is_second[half == fold])) < 2 for fold in range(_FOLDS)):
        return None
    scores = np.zeros(len(codes))
    for fold in range(_FOLDS):
        learned = half != fold
        rows = lgb.Dataset(codes[learned], is_second[learned].astype(np.int8), params=_PARAMS)
        model = lgb.train({**_PARAMS, "num_threads": threads}, rows, _ROUNDS)
        scores[~learned] = np.asarray(model.predict(codes[~learned], num_threads=threads))
    aucs = [roc_auc_score(is_second[half == f], scores[half == f]) for f in range(_FOLDS)]
    return float(np.mean(aucs))
