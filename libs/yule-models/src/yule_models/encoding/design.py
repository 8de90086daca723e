"""The design matrix of linear models."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns
from yule_models.encoding.piecewise import PiecewiseLinear
from yule_models.encoding.standard import Standardiser

__all__ = ["design_matrix", "sums_by_feature"]

Floats = npt.NDArray[np.float64]


def design_matrix(
    columns: FeatureColumns,
    standardiser: Standardiser,
    features: pd.DataFrame,
    piecewise: PiecewiseLinear | None = None,
) -> Floats:
    """Return standardised numbers, indicators of missing ones, their bins, one-hot categories.

    Args:
        columns: The columns of the training table.
        standardiser: What standardises its numbers.
        features: The rows.
        piecewise: The bins of its numbers; None: there are none.
    """
    numbers = columns.numbers(features)
    blocks = [standardiser.transform(numbers), np.isnan(numbers).astype(np.float64)]
    if piecewise is not None:
        blocks.append(piecewise.fillings(numbers))
    codes = columns.codes(features)
    for position, vocabulary in enumerate(columns.vocabularies.values()):
        blocks.append(np.eye(vocabulary.size)[codes[:, position]])
    return np.hstack(blocks)


def sums_by_feature(columns: FeatureColumns, values: Floats, *, bins: int = 0) -> dict[str, Floats]:
    """Add up values of the design matrix's columns by the feature that they come from.

    Args:
        columns: The columns of the training table.
        values: Of any shape whose first axis is that of the matrix's columns.
        bins: Bins of each number.
    """
    count = len(columns.numeric)
    numbers = values[:count] + values[count : 2 * count]
    start = (2 + bins) * count
    if bins:
        numbers = numbers + np.stack(np.split(values[2 * count : start], count)).sum(axis=1)
    sums = dict(zip(columns.numeric, numbers, strict=True))
    for name, vocabulary in columns.vocabularies.items():
        sums[name] = values[start : start + vocabulary.size].sum(axis=0)
        start += vocabulary.size
    return {name: sums[name] for name in columns.names}
