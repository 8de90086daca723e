"""From items by items to the vectors that entities are described by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from mushroom.features.factors.products import WEIGHT_UNIT
from mushroom.features.learned.method import State

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

__all__ = ["LOADING_UNIT", "PRODUCTS", "dimension", "learn_factors"]

LOADING_UNIT = 1_000_000
"""Loadings are whole numbers of this part of one."""

PRODUCTS = pa.schema(
    {
        "place": pa.int64(),
        "other": pa.int64(),
        "item": pa.string(),
        "entities": pa.int64(),
        "everybody": pa.int64(),
        "product": pa.int64(),
    }
)
"""One row for each pair of items that some entity has both; where both are one, its name too."""

_NEGLIGIBLE = 1e-9


def learn_factors(products: pa.Table, *, dimensions: int, is_rarity_weighed: bool) -> State:
    """The vectors of items.

    Args:
        products: Rows of `PRODUCTS`.
        dimensions: How many vectors; where the items span fewer, the others are zero.
        is_rarity_weighed: Whether an item counts by ``1 + ln((1 + entities) / (1 + its own))``.

    Returns:
        `items`: each with its loading on each dimension, the strongest first. Of a vector and its
        opposite, the one whose largest loading is positive is taken.
    """
    import numpy as np

    single = products.filter(pa.array(np.equal(products["place"], products["other"])))
    rarity = np.ones(single.num_rows)
    if is_rarity_weighed:
        ratio = (1 + single["everybody"].to_numpy()) / (1 + single["entities"].to_numpy())
        rarity += np.log(ratio)
    vectors = _vectors(_dense(products, single.num_rows) * np.outer(rarity, rarity), dimensions)
    loadings = np.rint(vectors * rarity[:, None] * LOADING_UNIT).astype(np.int64)
    columns: dict[str, Any] = {dimension(at): loadings[:, at] for at in range(dimensions)}
    return {"items": pa.table({"item": single["item"].combine_chunks(), **columns})}


def dimension(position: int) -> str:
    """The name of a dimension."""
    return f"d{position}"


def _dense(products: pa.Table, items: int) -> Matrix:
    import numpy as np

    one, other = (products[name].to_numpy() - 1 for name in ("place", "other"))
    matrix = np.zeros((items, items))
    matrix[one, other] = matrix[other, one] = products["product"].to_numpy() / WEIGHT_UNIT**2
    return matrix


def _vectors(matrix: Matrix, dimensions: int) -> Matrix:
    """The strongest eigenvectors in columns, and zeros where there are no more."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    found = np.zeros((len(matrix), dimensions))
    if not len(matrix):
        return found
    # The number of threads decides how sums are split, and so their last bits.
    with threadpool_limits(limits=1, user_api="blas"):
        strengths, vectors = np.linalg.eigh(matrix)
    strongest = np.argsort(-strengths, kind="stable")[:dimensions]
    kept = strongest[strengths[strongest] > _NEGLIGIBLE * strengths.max()]
    chosen = vectors[:, kept]
    largest = np.abs(chosen).round(6).argmax(axis=0)
    found[:, : len(kept)] = chosen * np.sign(chosen[largest, np.arange(len(kept))])
    return found
