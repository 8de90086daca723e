"""Which calibration is worth it, judged on folds that it was not learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.calibration import Calibration, CalibrationKind, fit_calibration
from yule_models.ensemble.probabilities import log_probabilities

if TYPE_CHECKING:
    from yule_models.ensemble.options import EnsembleOptions
    from yule_models.targets import Target

__all__ = ["choose_calibration"]

Floats = npt.NDArray[np.float64]
_LEAST_ROWS, _LEAST_FOLDS = 200, 3
_CHOICES: tuple[CalibrationKind, ...] = ("temperature", "isotonic")


def choose_calibration(
    target: Target,
    labels: Floats,
    probabilities: Floats,
    fold: npt.NDArray[np.int32],
    options: EnsembleOptions,
    *,
    weights: Floats,
) -> Calibration:
    """Learn the calibration that is asked for, or, for `auto`, the one that helps.

    `auto` cross-fits each kind over the folds, and takes the one of the least log-loss if it is
    better than none on every fold, and in all by more than a standard error of the difference:
    what helps on some folds alone, such as those of one season, is as likely to harm. Fewer than
    200 rows or three folds cannot tell: then there is none.

    Args:
        target: The target.
        labels: Encoded labels, of shape (n,).
        probabilities: Blended out-of-fold predictions, of shape (n, outputs).
        fold: The fold of each row.
        options: What is asked for.
        weights: Of the rows, of shape (n,).
    """
    if target.kind == "regression":
        return Calibration()
    if options.calibration != "auto":
        return fit_calibration(options.calibration, labels, probabilities, weights)
    if options.method == "rank_mean":
        return fit_calibration("isotonic", labels, probabilities, weights)
    if len(labels) < _LEAST_ROWS or len(np.unique(fold)) < _LEAST_FOLDS:
        return Calibration()
    before = weights * _losses(labels, probabilities)
    best, best_loss = Calibration(), before.mean()
    for kind in _CHOICES:
        crossed = _cross_fitted(kind, labels, probabilities, fold, weights)
        after = weights * _losses(labels, crossed)
        if _is_sure(before - after, fold) and after.mean() < best_loss:
            best = fit_calibration(kind, labels, probabilities, weights)
            best_loss = after.mean()
    return best


def _is_sure(gain: Floats, fold: npt.NDArray[np.int32]) -> bool:
    """Whether rows gain on every fold, and in the mean by more than its standard error."""
    by_fold = [gain[fold == number].mean() for number in np.unique(fold)]
    return bool(min(by_fold) > 0 and gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)))


def _cross_fitted(
    kind: CalibrationKind,
    labels: Floats,
    probabilities: Floats,
    fold: npt.NDArray[np.int32],
    weights: Floats,
) -> Floats:
    calibrated = np.empty_like(probabilities)
    for number in np.unique(fold):
        held = fold == number
        fitted = fit_calibration(kind, labels[~held], probabilities[~held], weights[~held])
        calibrated[held] = fitted.apply(probabilities[held])
    return calibrated


def _losses(labels: Floats, probabilities: Floats) -> Floats:
    """The log-loss of each row."""
    scores = log_probabilities(probabilities)
    own: Floats = -np.take_along_axis(scores, labels.astype(np.int64)[:, None], axis=1)[:, 0]
    return own
