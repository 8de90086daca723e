"""Probabilities that mean what they say.

Temperature scaling: Guo, Pleiss, Sun and Weinberger: On calibration of modern neural networks, ICML
2017. Isotonic regression, of several classes one against the rest: Zadrozny and Elkan: Transforming
classifier scores into accurate multiclass probability estimates, KDD 2002.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.probabilities import log_probabilities, own_outputs
from yule_models.estimators.outputs import softmax

__all__ = ["Calibration", "CalibrationKind", "fit_calibration"]

Floats = npt.NDArray[np.float64]
CalibrationKind = Literal["none", "isotonic", "temperature"]

_TIE_BREAKER = 1e-6
_MOST_STEPS, _TOLERANCE = 50, 1e-10
_COLDEST, _HOTTEST = 0.05, 20.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A map from probabilities to probabilities; it changes the order of no two rows of a class.

    Attributes:
        kind: What it is.
        temperature: What log-odds are divided by.
        steps: Of isotonic regression, for each class the points between which it is linear:
            uncalibrated and calibrated probabilities.
    """

    kind: CalibrationKind = "none"
    temperature: float = 1.0
    steps: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()

    def apply(self, probabilities: Floats) -> Floats:
        """Return calibrated probabilities; both of shape (n, outputs)."""
        if self.kind == "none":
            return probabilities
        if self.kind == "temperature":
            scaled = log_probabilities(probabilities) / self.temperature
            return own_outputs(softmax(scaled), outputs=probabilities.shape[1])
        columns = [
            (1 - _TIE_BREAKER) * np.interp(column, *step) + _TIE_BREAKER * column
            for column, step in zip(probabilities.T, self.steps, strict=True)
        ]
        calibrated = np.column_stack(columns)
        return calibrated if len(columns) == 1 else calibrated / calibrated.sum(axis=1)[:, None]

    def to_json(self) -> dict[str, Any]:
        """Return the calibration as JSON, as `of` takes it."""
        return {"kind": self.kind, "temperature": self.temperature, "steps": self.steps}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Calibration:
        """Build a calibration from its JSON form."""
        steps = tuple((tuple(x), tuple(y)) for x, y in value["steps"])
        return cls(kind=value["kind"], temperature=value["temperature"], steps=steps)


def fit_calibration(
    kind: CalibrationKind, labels: Floats, probabilities: Floats, weights: Floats | None = None
) -> Calibration:
    """Learn a calibration from rows that the models were not trained on.

    Args:
        kind: Which.
        labels: 0 or 1, or the number of the class, of shape (n,), n at least 1.
        probabilities: Of shape (n, 1), or (n, classes).
        weights: Of the rows, of shape (n,), with a mean of 1; None: all count alike.
    """
    weights = np.ones(len(labels)) if weights is None else weights
    match kind:
        case "none":
            return Calibration()
        case "temperature":
            return Calibration(kind=kind, temperature=_temperature(labels, probabilities, weights))
        case "isotonic":
            classes = [1] if probabilities.shape[1] == 1 else range(probabilities.shape[1])
            columns = zip(classes, probabilities.T, strict=True)
            steps = tuple(_steps((labels == c).astype(np.float64), p, weights) for c, p in columns)
            return Calibration(kind=kind, steps=steps)


def _temperature(labels: Floats, probabilities: Floats, weights: Floats) -> float:
    """Minimise the log-loss, which is convex in the inverse temperature, by Newton's method."""
    scores = log_probabilities(probabilities)
    own = np.take_along_axis(scores, labels.astype(np.int64)[:, None], axis=1)[:, 0]
    inverse = 1.0
    for _ in range(_MOST_STEPS):
        shares = softmax(inverse * scores)
        mean = (shares * scores).sum(axis=1)
        slope = float((weights * (mean - own)).mean())
        curvature = float((weights * ((shares * scores**2).sum(axis=1) - mean**2)).mean())
        if curvature <= 0:
            break
        # A step is at most fourfold, since far from its minimum the loss is no parabola.
        wanted = float(np.clip(inverse - slope / curvature, inverse / 4, inverse * 4))
        wanted = float(np.clip(wanted, 1 / _HOTTEST, 1 / _COLDEST))
        if abs(wanted - inverse) < _TOLERANCE:
            break
        inverse = wanted
    return 1 / inverse


def _steps(
    is_class: Floats, probabilities: Floats, counts: Floats
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    from sklearn.isotonic import isotonic_regression

    distinct, place = np.unique(probabilities, return_inverse=True)
    rows = np.bincount(place, weights=counts)
    hits = np.bincount(place, weights=counts * is_class)
    # A row of the base rate at either end keeps both ends from certainty.
    rows[0] += 1
    rows[-1] += 1
    base = np.average(is_class, weights=counts)
    hits[0] += base
    hits[-1] += base
    fitted = isotonic_regression(hits / rows, sample_weight=rows)
    _, block = np.unique(fitted, return_inverse=True)
    weights = np.bincount(block, weights=rows)
    centres = np.bincount(block, weights=rows * distinct) / weights
    values = np.bincount(block, weights=rows * fitted) / weights
    return tuple(centres.tolist()), tuple(values.tolist())
