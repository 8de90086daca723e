"""Regularised regressions on a design matrix, and how strong their penalty is to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from yule_models.estimators.fold_data import Floats, FoldData
from yule_models.estimators.outputs import activated
from yule_models.targets import Target

__all__ = ["Regression", "RegressionRows"]

_MOST_ITERATIONS = 1000
_TOLERANCE = 1e-4
_LEAST = 1e-15
_MOST_SQUARED = 500
"""Columns up to which second derivatives are worth their time: they take few steps."""


@dataclass(frozen=True, kw_only=True)
class RegressionRows:
    """Rows that all have a label of a target.

    Attributes:
        matrix: Their design matrix, of n rows.
        labels: Of shape (n,).
        weights: Of shape (n,).
    """

    matrix: Floats
    labels: Floats
    weights: Floats

    @classmethod
    def of(cls, parts: Sequence[FoldData], position: int, matrix: Floats) -> Self:
        """Return those of the rows of all parts that have a label of the target at a position."""
        labels = np.concatenate([part.labels[:, position] for part in parts])
        weights = np.concatenate([part.weights for part in parts])
        known = ~np.isnan(labels)
        if known.all():
            return cls(matrix=matrix, labels=labels, weights=weights)
        return cls(matrix=matrix[known], labels=labels[known], weights=weights[known])

    def cut(self, place: int) -> tuple[Self, Self]:
        """Return the rows before a place and those from it on, without a copy."""
        first, last = (
            type(self)(matrix=self.matrix[of], labels=self.labels[of], weights=self.weights[of])
            for of in (slice(place), slice(place, None))
        )
        return first, last


class Regression:
    """Ridge regression of a number, or logistic regression of classes, on a design matrix.

    A fit goes on from the one before, which had other rows or another strength.

    Args:
        target: What is learned.
    """

    def __init__(self, target: Target) -> None:
        from sklearn.linear_model import LogisticRegression

        self._target = target
        self._logistic = LogisticRegression(
            max_iter=_MOST_ITERATIONS, tol=_TOLERANCE, warm_start=True
        )

    def fit(self, rows: RegressionRows, strength: float) -> tuple[Floats, Floats]:
        """Return coefficients, of shape (outputs, columns of the matrix), and intercepts.

        Args:
            rows: What is learned from.
            strength: Of the L2 penalty, beside the sum of losses.
        """
        if self._target.kind == "regression":
            return _ridge(rows, strength)
        is_narrow = self._target.kind == "binary" and rows.matrix.shape[1] <= _MOST_SQUARED
        solver = "newton-cholesky" if is_narrow else "lbfgs"
        model = self._logistic.set_params(C=1 / strength, solver=solver)
        model.fit(rows.matrix, rows.labels, rows.weights)
        if self._target.kind == "binary":
            return model.coef_.copy(), model.intercept_.copy()
        # Classes without a row get the least possible score.
        outputs = self._target.outputs
        coefficients = np.zeros((outputs, rows.matrix.shape[1]))
        intercepts = np.full(outputs, -np.inf)
        classes = model.classes_.astype(np.int64)
        if len(classes) == 2:
            coefficients[classes[1]] = model.coef_[0]
            intercepts[classes] = [0, model.intercept_[0]]
        else:
            coefficients[classes], intercepts[classes] = model.coef_, model.intercept_
        return coefficients, intercepts

    def best_strength(
        self, training: RegressionRows, inner: RegressionRows, *, tried: Sequence[float]
    ) -> float:
        """Return the strongest penalty whose loss on the inner rows is the least, or as good.

        As good is what exceeds the least loss by no more than the standard error of the difference
        (Breiman et al. 1984, section 3.4.3): rows to come are never quite like the inner ones.

        Args:
            training: Rows to learn from.
            inner: Rows to judge by.
            tried: Strengths, from strong to weak, until the loss grows; strong ones are quick.
        """
        losses: list[Floats] = []
        for strength in tried:
            weight, bias = self.fit(training, strength)
            predictions = activated(self._target, inner.matrix @ weight.T + bias)
            losses.append(_losses(self._target, inner.labels, predictions))
            mean = [float(np.average(loss, weights=inner.weights)) for loss in losses]
            if mean[-1] > min(mean):
                break
        best = losses[int(np.argmin(mean))]
        good = (_is_as_good(loss, best, inner.weights) for loss in losses)
        return next(strength for strength, is_good in zip(tried, good, strict=False) if is_good)


def _losses(target: Target, labels: Floats, predictions: Floats) -> Floats:
    """Return the loss of each row: squared error of a number, log-loss of a class."""
    if target.kind == "regression":
        return np.asarray((labels - predictions[:, 0]) ** 2)
    if target.kind == "binary":
        predictions = np.column_stack([1 - predictions, predictions])
    given = np.take_along_axis(predictions, labels.astype(np.intp)[:, None], axis=1)
    return np.asarray(-np.log(np.maximum(given[:, 0], _LEAST)))


def _is_as_good(loss: Floats, best: Floats, weights: Floats) -> bool:
    more = loss - best
    mean = np.average(more, weights=weights)
    error = np.sqrt(np.sum((weights * (more - mean)) ** 2)) / weights.sum()
    return bool(mean <= error)


def _ridge(rows: RegressionRows, strength: float) -> tuple[Floats, Floats]:
    from sklearn.linear_model import Ridge

    ridge = Ridge(alpha=strength, solver="cholesky").fit(rows.matrix, rows.labels, rows.weights)
    return ridge.coef_.reshape(1, -1), np.atleast_1d(ridge.intercept_)
