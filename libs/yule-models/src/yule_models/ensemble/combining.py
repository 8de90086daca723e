"""From the models of a target to their blend, by the method that is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from yule_models.ensemble.blend import Blend
from yule_models.ensemble.choosing import choose_calibration
from yule_models.ensemble.intervals import fit_interval
from yule_models.ensemble.options import EnsembleOptions
from yule_models.ensemble.ranks import learn_scale
from yule_models.ensemble.selection import blend, select_counts
from yule_models.ensemble.stacking import fit_stack
from yule_models.metrics import default_metric, is_higher_better, loss_of

if TYPE_CHECKING:
    from yule_models.targets import Target

__all__ = ["Combination", "combine"]

Floats = npt.NDArray[np.float64]
Predictions = Mapping[str, Floats]
_SPOKEN = {"log_loss": "log-loss", "auc": "AUC", "macro_auc": "macro AUC", "rmse": "RMSE"}
_SPOKEN |= {"mae": "MAE", "r2": "R²", "macro_f1": "macro F1"}


@dataclass(frozen=True, kw_only=True)
class Combination:
    """A blend, and what became of the models that it leaves out.

    Attributes:
        blend: The blend.
        dropped: Why each model without a weight has none, in a sentence.
    """

    blend: Blend
    dropped: dict[str, str]


def combine(
    target: Target,
    predictions: Predictions,
    labels: Floats,
    fold: npt.NDArray[np.int32],
    options: EnsembleOptions,
    *,
    weights: Floats | None = None,
) -> Combination:
    """Learn how to combine models from rows that they were not trained on.

    Args:
        target: The target.
        predictions: Out-of-fold predictions of each candidate, of shape (n, outputs).
        labels: Encoded labels, of shape (n,).
        fold: The fold of each row.
        options: How.
        weights: Of the rows, of shape (n,), with a mean of 1; None: all count alike.
    """
    found = _combined(target, predictions, labels, options, weights)
    blended = found.blend.apply(predictions)
    counts = np.ones(len(labels)) if weights is None else weights
    calibration = choose_calibration(target, labels, blended, fold, options, weights=counts)
    interval = None
    if target.kind == "regression":
        interval = fit_interval(labels, blended[:, 0], weights, level=options.interval)
    return replace(found, blend=replace(found.blend, calibration=calibration, interval=interval))


def _combined(
    target: Target,
    predictions: Predictions,
    labels: Floats,
    options: EnsembleOptions,
    weights: Floats | None,
) -> Combination:
    names, outputs = sorted(predictions), target.outputs
    equal = dict.fromkeys(names, 1 / len(names))
    match options.method:
        case "mean":
            mean = Blend(space="outputs", outputs=outputs, weights=equal)
            return Combination(blend=mean, dropped={})
        case "rank_mean":
            scales = {name: learn_scale(predictions[name][:, 0]) for name in names}
            ranks = Blend(space="ranks", outputs=outputs, weights=equal, scales=scales)
            return Combination(blend=ranks, dropped={})
        case "stacking":
            stack = fit_stack(
                target, predictions, labels, np.ones(len(labels)) if weights is None else weights
            )
            space = "outputs" if target.kind == "regression" else "logarithms"
            stacked = Blend(
                space=space,  # type: ignore[arg-type]  # mypy widens the literals
                outputs=outputs,
                weights=stack.weights,
                bias=stack.bias,
            )
            reason = "beside the others its weight would be negative: it adds nothing to them"
            dropped = {name: reason for name in names if name not in stack.weights}
            return Combination(blend=stacked, dropped=dropped)
        case "greedy":
            return _selected(target, predictions, labels, options, weights)


def _selected(
    target: Target,
    predictions: Predictions,
    labels: Floats,
    options: EnsembleOptions,
    weights: Floats | None,
) -> Combination:
    loss = partial(loss_of(target, options.metric, weights), labels)
    counts = select_counts(predictions, loss, rounds=options.rounds)
    # The same weights in the fewest rounds: the last bits decide whether equal blends are better.
    divisor = math.gcd(*counts.values())
    counts = {name: count // divisor for name, count in counts.items()}
    rounds = sum(counts.values())
    used = {name: count / rounds for name, count in counts.items() if count > 0}
    chosen = Blend(space="outputs", outputs=target.outputs, weights=used)
    metric = options.metric or default_metric(target)
    before = blend(predictions, used)
    dropped = {}
    for name in sorted(set(predictions) - set(used)):
        # As select_counts would: one more round with the model.
        after = (before * rounds + predictions[name]) / (rounds + 1)
        values = [_value(metric, loss(blended)) for blended in (before, after)]
        dropped[name] = _reason(metric, *values)
    return Combination(blend=chosen, dropped=dropped)


def _value(metric: str, loss: float) -> float:
    return -loss if is_higher_better(metric) else loss


def _reason(metric: str, before: float, after: float) -> str:
    name = _SPOKEN.get(metric, metric.replace("_", " "))
    if after == before:
        return f"adding it leaves the ensemble's {name} at {before:.5g}"
    is_better = (after > before) == is_higher_better(metric)
    if is_better:
        return f"others improved the {name} more, in as many rounds as there were"
    verb = "lowers" if after < before else "raises"
    return f"adding it {verb} the ensemble's {name} from {before:.5g} to {after:.5g}"
