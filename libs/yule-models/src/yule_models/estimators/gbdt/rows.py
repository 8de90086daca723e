"""The rows of a table that have a label of one target."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from yule_models.estimators.fold_data import Floats, FoldData
from yule_models.estimators.gbdt.boosting import BoostingRows
from yule_models.estimators.gbdt.enrichment import beside

__all__ = ["LabelledRows"]


@dataclass(frozen=True, kw_only=True)
class LabelledRows:
    """Labelled rows: as they are in the table, and as a booster takes them.

    Attributes:
        features: Their features.
        boosted: Matrix, labels, weights and groups.
    """

    features: pd.DataFrame
    boosted: BoostingRows

    @classmethod
    def of(cls, data: FoldData, matrix: Floats, *, position: int) -> Self:
        """Take those rows that have a label of the target at a position."""
        rows = BoostingRows(
            matrix=matrix,
            labels=data.labels[:, position],
            weights=data.weights,
            groups=data.groups,
        )
        known = ~np.isnan(rows.labels)
        if known.all():
            return cls(features=data.features, boosted=rows)
        return cls(features=data.features[known], boosted=rows.take(known))

    @classmethod
    def joined(cls, parts: Sequence[LabelledRows], names: Collection[str]) -> Self:
        """Join the rows of all parts, with some of the features and an empty matrix."""
        boosted = [part.boosted for part in parts]
        labels = np.concatenate([rows.labels for rows in boosted])
        return cls(
            features=pd.concat([part.features[list(names)] for part in parts]),
            boosted=BoostingRows(
                matrix=np.empty((len(labels), 0)),
                labels=labels,
                weights=np.concatenate([rows.weights for rows in boosted]),
                groups=np.concatenate([rows.groups for rows in boosted]),
            ),
        )

    def __len__(self) -> int:
        return len(self.boosted.labels)

    def with_told(self, told: Floats) -> BoostingRows:
        """Return the rows as a booster takes them, with the columns of an enrichment."""
        return replace(self.boosted, matrix=beside(self.boosted.matrix, told))
