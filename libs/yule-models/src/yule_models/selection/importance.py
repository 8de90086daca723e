"""Features that are removed for what trees make of them.

Null importance: Altmann, Tolosi, Sander and Lengauer: Permutation importance: a corrected feature
importance measure, Bioinformatics 2010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from gokart_store import derive_seed

from yule_models.registry import make_estimator
from yule_models.targets import Target

__all__ = ["GainJudge"]

Floats = npt.NDArray[np.float64]
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
            self._gains(names, np.flatnonzero(parts != part), self.labels, str(part))
            for part in range(_PARTS)
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
        rows = np.arange(len(self.features))
        gains = self._gains(names, rows, self.labels, "true")
        beaten = np.zeros(len(names))
        for turn in range(rounds):
            random = np.random.default_rng(derive_seed(self.seed, "null", turn))
            shuffled = self.labels.iloc[random.permutation(len(rows))].reset_index(drop=True)
            beaten += gains > self._gains(names, rows, shuffled, f"null-{turn}")
        return {
            name: f"gains more than from shuffled labels in {share:.0%} of {rounds} fits"
            for name, share in zip(names, (beaten / rounds).tolist(), strict=True)
            if share < above
        }

    def _gains(
        self, names: Sequence[str], rows: npt.NDArray[np.int64], labels: pd.DataFrame, what: str
    ) -> Floats:
        """Return each feature's share of the gain of a fit to some rows."""
        chosen = rows[:: -(-len(rows) // _MOST_ROWS)]
        estimator = make_estimator(
            "gbdt",
            targets=self.targets,
            seed=derive_seed(self.seed, what),
            threads=self.threads,
            params=_PARAMS,
        )
        estimator.fit(
            self.features[list(names)].iloc[chosen].reset_index(drop=True),
            labels.iloc[chosen].reset_index(drop=True),
            sample_weight=None if self.weights is None else self.weights[chosen],
            groups=self.groups[chosen],
        )
        found = estimator.importances() or {}
        return np.array([found[name] for name in names])
