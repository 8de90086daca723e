"""Greedy selection of an ensemble from a library of models.

Caruana, Niculescu-Mizil, Crew and Ksikes: Ensemble selection from libraries of models, ICML 2004.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

__all__ = ["blend", "select_counts", "select_weights"]

Floats = npt.NDArray[np.float64]


def select_counts(
    predictions: Mapping[str, Floats], loss: Callable[[Floats], float], *, rounds: int = 25
) -> dict[str, int]:
    """Add models one by one, with replacement, each time the one that lowers the loss most.

    The best single model comes first. Among equals the first by name is taken, so that the order of
    the models does not matter. The best ensemble on the way is returned; a later one only if it is
    better.

    Args:
        predictions: Predictions of each model, all of one shape.
        loss: Loss of a blend of them; lower is better.
        rounds: How many models are added at most.

    Returns:
        How often each model was added; most are often 0.
    """
    names = sorted(predictions)
    counts = dict.fromkeys(names, 0)
    total = np.zeros_like(predictions[names[0]])
    best, best_loss = {**counts, names[0]: 1}, np.inf
    for size in range(1, rounds + 1):
        losses = [loss((total + predictions[name]) / size) for name in names]
        chosen = names[int(np.argmin(losses))]
        counts[chosen] += 1
        total += predictions[chosen]
        if min(losses) < best_loss:
            best, best_loss = dict(counts), min(losses)
    return {name: best[name] for name in names}


def select_weights(
    predictions: Mapping[str, Floats], loss: Callable[[Floats], float], *, rounds: int = 25
) -> dict[str, float]:
    """Return the weight of every model, summing to 1, in the ensemble that `select_counts` finds.

    Args:
        predictions: Predictions of each model, all of one shape.
        loss: Loss of a blend of them; lower is better.
        rounds: How many models are added at most.
    """
    counts = select_counts(predictions, loss, rounds=rounds)
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()}


def blend(predictions: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Return the weighted mean of models' predictions, added up by name.

    Args:
        predictions: Predictions of every model with a weight above 0, all of one shape.
        weights: Weights that sum to 1.
    """
    used = [name for name in sorted(weights) if weights[name] > 0]
    total = np.zeros_like(predictions[used[0]])
    for name in used:
        total += weights[name] * predictions[name]
    return total
