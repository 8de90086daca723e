"""Tables in which one feature after the other changes rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from yule_models.explanation.sampling import ROWS_AT_ONCE

__all__ = ["permuted_tables"]


def permuted_tables(
    features: pd.DataFrame, names: Sequence[str], random: np.random.Generator
) -> Iterator[tuple[list[str], pd.DataFrame]]:
    """Yield some of the features, and the table as often below itself as there are of them.

    In the first copy the values of the first feature are permuted, and so on: models are asked for
    many rows at once.

    Args:
        features: Of n rows.
        names: The features to permute, one after the other.
        random: Draws a permutation for each.
    """
    rows = len(features)
    at_once = max(1, ROWS_AT_ONCE // max(rows, 1))
    for first in range(0, len(names), at_once):
        some = list(names[first : first + at_once])
        usual = np.tile(np.arange(rows), len(some))
        mixed = features.take(usual).reset_index(drop=True)
        for place, name in enumerate(some):
            positions = usual.copy()
            positions[place * rows : (place + 1) * rows] = random.permutation(rows)
            mixed[name] = features[name].take(positions).reset_index(drop=True)
        yield some, mixed
