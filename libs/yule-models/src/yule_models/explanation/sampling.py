"""Contributions of features to the predictions of any model, by taking it for a black box.

Baseline Shapley values (Sundararajan and Najmi: The many Shapley values for model explanation, ICML
2020), estimated over pairs of opposite permutations (Mitchell, Cooper, Frank and Holmes: Sampling
permutations for Shapley value estimation, JMLR 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.estimators.outputs import scores_of

if TYPE_CHECKING:
    from yule_models.estimators import Estimator

__all__ = [
    "MOST_PLAYERS",
    "MOST_PREDICTIONS",
    "ROWS_AT_ONCE",
    "contributions_of",
    "sampled_contributions",
]

Floats = npt.NDArray[np.float64]

MOST_PLAYERS = 16
"""Features that are told apart; all others change together, and nothing is said of any of them."""
MOST_PREDICTIONS = 2 * (MOST_PLAYERS + 1)
"""Predictions that the contributions of a row take, at most."""
ROWS_AT_ONCE = 5_000
"""Rows that a model is asked for at once: each time it is asked costs as much as many rows."""
_PAIRS = 1


def sampled_contributions(
    scores: Callable[[pd.DataFrame], Floats],
    features: pd.DataFrame,
    baseline: pd.DataFrame,
    *,
    players: Sequence[str],
    seed: int,
) -> Floats:
    """Return what each feature adds to the scores of each row, on the way from a typical row.

    The contributions of a row sum to the difference between its scores and those of the baseline.
    It takes 2 * (min(features, 16) + 1) predictions a row. The permutations are those of the seed
    alone, so that a row's contributions do not depend on the rows beside it.

    Args:
        scores: The model: of a table like `features`, scores of shape (n, outputs).
        features: The rows, n of them.
        baseline: One row, with the same columns.
        players: The features that are told apart, the most important first; the first 16 count.
        seed: Seed of the permutations.

    Returns:
        Of shape (n, features, outputs), in the order of the columns; 0 of features that are not
        told apart.
    """
    told = list(players)[:MOST_PLAYERS]
    rest = [name for name in features.columns if name not in set(told)]
    groups = [[name] for name in told] + ([rest] if rest else [])
    places = {name: place for place, name in enumerate(features.columns)}
    own, steps = _way(len(groups), np.random.default_rng(seed))
    by_stage = _scores_of_stages(scores, features, baseline, groups=groups, own=own)
    found = np.zeros((len(features), len(places), by_stage.shape[2]))
    for group, before, after in steps:
        if len(groups[group]) == 1:
            found[:, places[groups[group][0]]] += by_stage[after] - by_stage[before]
    return found / (2 * _PAIRS)


def contributions_of(
    estimator: Estimator,
    features: pd.DataFrame,
    baseline: pd.DataFrame,
    players: Sequence[str],
) -> Floats:
    """Estimate the contributions to an estimator's predictions, in log-odds or values.

    Args:
        estimator: A fitted one.
        features: The rows, n of them, as it reads them.
        baseline: One row that others are compared with.
        players: The most important features first; others follow by the estimator's own account.

    Returns:
        As `sampled_contributions`.
    """
    known = estimator.importances() or {}
    ranks = {name: rank for rank, name in enumerate(players)}
    return sampled_contributions(
        lambda rows: scores_of(estimator.targets, estimator.predict(rows)),
        features,
        baseline,
        players=sorted(
            estimator.columns_.names,
            key=lambda name: (ranks.get(name, len(ranks)), -known.get(name, 0.0)),
        ),
        seed=estimator.seed,
    )


def _way(
    groups: int, random: np.random.Generator
) -> tuple[npt.NDArray[np.bool_], list[tuple[int, int, int]]]:
    """Return the stages between a typical row and a row, and the steps from one to the next.

    Returns:
        Which groups have the row's own values, of shape (stages, groups); and of each step the
        group that it changes, the stage before it and the stage after it.
    """
    stages = [np.zeros(groups, dtype=np.bool_), np.ones(groups, dtype=np.bool_)]
    steps = []
    for _ in range(_PAIRS):
        order = random.permutation(groups)
        for turn in (order, order[::-1]):
            before = 0
            for number, group in enumerate(turn.tolist()):
                after = 1
                if number < groups - 1:
                    changed = stages[before].copy()
                    changed[group] = True
                    after = len(stages)
                    stages.append(changed)
                steps.append((group, before, after))
                before = after
    return np.stack(stages), steps


def _scores_of_stages(
    scores: Callable[[pd.DataFrame], Floats],
    features: pd.DataFrame,
    baseline: pd.DataFrame,
    *,
    groups: Sequence[Sequence[str]],
    own: npt.NDArray[np.bool_],
) -> Floats:
    """Return the scores of every stage, of shape (stages, n, outputs), by few large predictions."""
    rows, found = len(features), []
    pool = pd.concat([features, baseline], ignore_index=True)
    at_once = max(1, ROWS_AT_ONCE // max(rows, 1))
    for first in range(0, len(own), at_once):
        some = own[first : first + at_once]
        parts = []
        for names, is_own in zip(groups, some.T, strict=True):
            # The typical row is the last of the pool.
            positions = np.where(is_own[:, None], np.arange(rows), rows).ravel()
            parts.append(pool[list(names)].take(positions).reset_index(drop=True))
        mixed = pd.concat(parts, axis=1)[list(features.columns)]
        found.append(scores(mixed).reshape(len(some), rows, -1))
    return np.concatenate(found)
