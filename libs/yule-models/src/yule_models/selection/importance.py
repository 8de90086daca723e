"""Features that are removed for what trees make of them.

Null importance: Altmann, Tolosi, Sander and Lengauer: Permutation importance: a corrected feature
importance measure, Bioinformatics 2010. Gains are compared themselves, never as shares: where
labels mean nothing, each of a few features has a large share of a small gain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from gokart_store import derive_seed

from yule_models.estimators.inputs import CurvePoint
from yule_models.registry import make_estimator
from yule_models.targets import Target

if TYPE_CHECKING:
    from yule_models.estimators.gbdt import GbdtEstimator

__all__ = ["GainJudge"]

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
_PARAMS = {"rounds": 60, "learning_rate": 0.1, "num_leaves": 15, "crosses": 0, "refit": False}
_PARTS = 3
_MOST_ROWS = 50_000


@dataclass(frozen=True, kw_only=True)
class GainJudge:
    """Judges features by the gain of small boosters: 60 trees of 15 leaves, on up to 50,000 rows.

    Attributes:
        features: Training rows of a fold.
        labels: Their labels.
        groups: What rows have in common, as their entity; rows of a group stay together.
        weights: Of the rows; None: all count alike.
        targets: What is to be predicted; shares of the gain are averaged over them.
        seed: Seed of the parts, of the boosters and of the shuffling.
        threads: Threads of the boosters, part of their outcome.
    """

    features: pd.DataFrame
    labels: pd.DataFrame
    groups: npt.NDArray[np.object_]
    weights: Floats | None
    targets: Sequence[Target]
    seed: int
    threads: int

    def least(self, names: Sequence[str], top: int) -> dict[str, str]:
        """Return why features are removed that are not among the first `top` by their gain.

        The gain is the mean share over fits to all but each third of the groups; ties are broken by
        the order of the table.
        """
        codes = pd.factorize(self.groups)[0]
        random = np.random.default_rng(derive_seed(self.seed, "parts"))
        parts = random.permutation(codes.max() + 1)[codes] % _PARTS
        fits = [
            self._shares(names, np.flatnonzero(parts != part), str(part)) for part in range(_PARTS)
        ]
        gains = np.mean(fits, axis=0)
        ranks = np.argsort(np.argsort(-gains, kind="stable"), kind="stable")
        return {
            name: f"number {rank + 1} by gain, with a share of {gain:.2%}"
            for name, rank, gain in zip(names, ranks.tolist(), gains.tolist(), strict=True)
            if rank >= top
        }

    def unproven(self, names: Sequence[str], *, above: float, rounds: int) -> dict[str, str]:
        """Return why features are removed that gain no more than from labels that mean nothing.

        A feature is kept if its gain exceeds that of at least so many fits to shuffled labels.
        """
        true = self._evidence(names, self.labels, "true")
        scale = np.maximum(true.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        beaten = np.zeros(len(names))
        for turn in range(rounds):
            random = np.random.default_rng(derive_seed(self.seed, "null", turn))
            shuffled = self.labels.iloc[self._shuffled(random)].reset_index(drop=True)
            null = self._evidence(names, shuffled, f"null-{turn}")
            beaten += ((true - null) / scale).sum(axis=0) > 0
        return {
            name: f"gains more than from shuffled labels in {share:.0%} of {rounds} fits"
            for name, share in zip(names, (beaten / rounds).tolist(), strict=True)
            if share < above
        }

    def _shuffled(self, random: np.random.Generator) -> Positions:
        """Return from which row each row is given its labels.

        Groups change places, and their rows stay one after another: labels that are alike within
        an entity are so when shuffled, too, or whatever tells entities apart would beat them.
        """
        codes = pd.factorize(self.groups)[0]
        place = random.permutation(codes.max() + 1)
        found = np.empty(len(codes), dtype=np.int64)
        found[np.argsort(codes, kind="stable")] = np.argsort(place[codes], kind="stable")
        return found

    def _shares(self, names: Sequence[str], rows: Positions, what: str) -> Floats:
        """Return each feature's share of the gain of a fit to some rows."""
        found = self._fitted(names, rows, self.labels, what).importances()
        return np.array([found[name] for name in names])

    def _evidence(self, names: Sequence[str], labels: pd.DataFrame, what: str) -> Floats:
        """Return what each feature gains for each target, of shape (targets, features).

        The gain of a number is divided, round by round, by the squared error that is left: little
        is beside a strong feature, and nearly all of it where labels are shuffled.
        """
        left: dict[str, list[float]] = {}

        def note(point: CurvePoint) -> None:
            told = point.values.get(f"{point.prefix}train/squared_error", 1.0)
            left.setdefault(point.prefix, []).append(told)

        fitted = self._fitted(names, np.arange(len(labels)), labels, what, on_step=note)
        found = []
        # Each target has told its rounds in turn.
        for place, errors in enumerate(left.values()):
            gains = fitted.gains().by_round(place)
            worth = np.maximum(errors[: len(gains)], np.finfo(float).tiny)
            found.append((gains / worth[:, None]).sum(axis=0))
        return np.stack(found)

    def _fitted(
        self,
        names: Sequence[str],
        rows: Positions,
        labels: pd.DataFrame,
        what: str,
        on_step: Callable[[CurvePoint], None] | None = None,
    ) -> GbdtEstimator:
        chosen = rows[:: -(-len(rows) // _MOST_ROWS)]
        estimator = make_estimator(
            "gbdt",
            targets=self.targets,
            seed=derive_seed(self.seed, what),
            threads=self.threads,
            params=_PARAMS,
        )
        return cast("GbdtEstimator", estimator).fit(
            self.features[list(names)].iloc[chosen].reset_index(drop=True),
            labels.iloc[chosen].reset_index(drop=True),
            sample_weight=None if self.weights is None else self.weights[chosen],
            groups=self.groups[chosen],
            on_step=on_step,
        )
