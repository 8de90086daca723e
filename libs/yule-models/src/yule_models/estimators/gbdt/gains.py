"""What each feature gains, by the account of the boosters themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from yule_models.encoding.columns import FeatureColumns
from yule_models.estimators.fold_data import Floats
from yule_models.estimators.gbdt.enrichment import Enrichment

if TYPE_CHECKING:
    import lightgbm as lgb

__all__ = ["Gains"]


class Gains:
    """The gains of fitted boosters, told for the features of the table.

    What the mean of a cross gains counts for the columns whose values it tells, in equal parts.

    Args:
        boosters: One for each target.
        enrichments: The columns that each of them was given beside the table's own.
        columns: The table's own.
    """

    def __init__(
        self,
        boosters: Sequence[lgb.Booster],
        enrichments: Sequence[Enrichment],
        columns: FeatureColumns,
    ) -> None:
        self._boosters, self._enrichments, self._columns = boosters, enrichments, columns

    def told_of(self, place: int) -> Floats:
        """Return the share of each feature in each column of a booster's matrix.

        Args:
            place: Of the booster.

        Returns:
            Of shape (columns of the matrix, features), in the order of the table.
        """
        sources = [
            *((name,) for name in self._columns.ordered),
            *self._enrichments[place].sources,
        ]
        shares = np.zeros((len(sources), len(self._columns.names)))
        numbers = {name: number for number, name in enumerate(self._columns.names)}
        for row, names in zip(shares, sources, strict=True):
            for name in names:
                row[numbers[name]] += 1 / len(names)
        return shares

    def shares(self, place: int) -> Floats:
        """Return each feature's share of the gain of one booster, of shape (features,)."""
        gains = self._boosters[place].feature_importance("gain")
        shares: Floats = gains / max(gains.sum(), np.finfo(float).tiny) @ self.told_of(place)
        return shares

    def by_round(self, place: int) -> Floats:
        """Return what each feature gains in each round, of shape (rounds, features)."""
        booster = self._boosters[place]
        until = [
            booster.feature_importance("gain", iteration=rounds)
            for rounds in range(1, booster.current_iteration() + 1)
        ]
        found: Floats = np.diff(until, axis=0, prepend=np.zeros((1, booster.num_feature())))
        return found @ self.told_of(place)
