"""A regularised model of the models' predictions.

Breiman: Stacked regressions, Machine Learning 24 (1996), who found that weights must not be
negative. Here they are also drawn towards those of the plain mean, so that few rows decide little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.probabilities import log_probabilities
from yule_models.estimators.outputs import softmax

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["Stack", "fit_stack"]

Floats = npt.NDArray[np.float64]
_PENALTY = 20.0
"""Strength of the pull towards the mean, in units of the log-likelihood of all rows."""

_CHUNK_CELLS = 4_000_000
"""Derivatives that are held at once; so memory stays flat as rows and classes grow."""

_MOST_STEPS, _TOLERANCE = 50, 1e-8


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A linear model of predictions: of numbers, or of the logarithms of probabilities.

    Attributes:
        weights: Above 0, of each model that is kept.
        bias: What is added: one number, or one for each class.
    """

    weights: dict[str, float]
    bias: tuple[float, ...]


def fit_stack(
    target: Target, predictions: Mapping[str, Floats], labels: Floats, counts: Floats
) -> Stack:
    """Learn the weights; as long as one is not above 0, its model is dropped and the rest refitted.

    A single model that is left, and foretells the contrary, is taken as it is.

    Args:
        target: The target.
        predictions: Out-of-fold predictions of each model, of shape (n, outputs).
        labels: Encoded labels, of shape (n,).
        counts: Weights of the rows, of shape (n,), with a mean of 1.
    """
    from threadpoolctl import threadpool_limits

    fit = _fit_numbers if target.kind == "regression" else _fit_classes
    names = sorted(predictions)
    while True:
        with threadpool_limits(limits=1):  # more threads would add up in another order
            weights, bias = fit([predictions[name] for name in names], labels, counts)
        worst = int(np.argmin(weights))
        if weights[worst] <= 0 and len(names) == 1:
            return Stack(weights={names[0]: 1.0}, bias=())
        if weights[worst] > 0:
            found = dict(zip(names, weights.tolist(), strict=True))
            return Stack(weights=found, bias=tuple(bias.tolist()))
        names.pop(worst)


def _fit_numbers(models: Sequence[Floats], labels: Floats, counts: Floats) -> tuple[Floats, Floats]:
    matrix = np.column_stack([model[:, 0] for model in models])
    prior = np.full(len(models), 1 / len(models))
    variance = float(_variance(labels - matrix @ prior, counts)) or 1.0
    means, mean = np.average(matrix, axis=0, weights=counts), np.average(labels, weights=counts)
    centred, wanted = matrix - means, labels - mean
    counted = centred * counts[:, None]
    strength = _PENALTY * variance  # so that euros and cents are treated alike
    left = np.einsum("ij,ik->jk", counted, centred) + strength * np.eye(len(models))
    right = np.einsum("ij,i->j", counted, wanted) + strength * prior
    weights = np.linalg.solve(left, right)
    return weights, np.array([mean - means @ weights])


def _variance(values: Floats, counts: Floats) -> np.float64:
    mean = np.average(values, weights=counts)
    return np.float64(np.average((values - mean) ** 2, weights=counts))


def _fit_classes(models: Sequence[Floats], labels: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Minimise the penalised log-loss over weights shared by classes, by Newton's method."""
    logs = [log_probabilities(model) for model in models]
    classes = logs[0].shape[1]
    prior = np.full(len(models), 1 / len(models))
    found = np.concatenate([prior, np.zeros(classes - 1)])
    loss = _loss(found, logs, labels, prior, counts)
    for _ in range(_MOST_STEPS):
        step = _newton_step(found, logs, labels, prior, counts)
        scale = 1.0
        while True:
            tried = _loss(found - scale * step, logs, labels, prior, counts)
            if tried <= loss or scale <= 1e-6:
                break
            scale /= 2
        found, gained, loss = found - scale * step, loss - tried, tried
        if gained < _TOLERANCE * max(abs(loss), 1.0):
            break
    return found[: len(models)], np.concatenate([[0.0], found[len(models) :]])


def _newton_step(
    found: Floats, logs: Sequence[Floats], labels: Floats, prior: Floats, counts: Floats
) -> Floats:
    count, classes = len(logs), logs[0].shape[1]
    gradient = np.concatenate([_PENALTY * (found[:count] - prior), np.zeros(classes - 1)])
    hessian = np.diag(np.concatenate([np.full(count, _PENALTY), np.full(classes - 1, 1e-9)]))
    for rows in _chunks(len(labels), cells=classes * len(found)):
        shares = softmax(_scores(found, logs, rows))
        # Of each row and class the derivatives of its score by all parameters.
        ones = np.broadcast_to(np.eye(classes)[:, 1:], (len(shares), classes, classes - 1))
        slopes = np.concatenate([np.stack([log[rows] for log in logs], axis=2), ones], axis=2)
        means = np.einsum("ik,ikp->ip", shares, slopes)
        own = slopes[np.arange(len(shares)), labels[rows].astype(np.int64)]
        count_of = counts[rows]
        gradient += (count_of[:, None] * (means - own)).sum(axis=0)
        counted = shares * count_of[:, None]
        hessian += np.einsum("ik,ikp,ikq->pq", counted, slopes, slopes, optimize=True)
        hessian -= np.einsum("ip,iq->pq", means * count_of[:, None], means)
    step: Floats = np.linalg.solve(hessian, gradient)
    return step


def _loss(
    found: Floats, logs: Sequence[Floats], labels: Floats, prior: Floats, counts: Floats
) -> float:
    total = _PENALTY / 2 * float(((found[: len(logs)] - prior) ** 2).sum())
    for rows in _chunks(len(labels), cells=logs[0].shape[1] * len(found)):
        scores = _scores(found, logs, rows)
        scores -= scores.max(axis=1, keepdims=True)
        own = scores[np.arange(len(scores)), labels[rows].astype(np.int64)]
        total += float((counts[rows] * (np.log(np.exp(scores).sum(axis=1)) - own)).sum())
    return total


def _chunks(rows: int, *, cells: int) -> Iterator[slice]:
    size = max(_CHUNK_CELLS // cells, 1)
    return (slice(start, start + size) for start in range(0, rows, size))


def _scores(found: Floats, logs: Sequence[Floats], rows: slice) -> Floats:
    bias = np.concatenate([[0.0], found[len(logs) :]])
    total = np.broadcast_to(bias, logs[0][rows].shape).copy()
    for weight, log in zip(found, logs, strict=False):
        total += weight * log[rows]
    return total
