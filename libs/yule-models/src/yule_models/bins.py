"""A feature's values as a few bins: quantiles of numbers, the most frequent texts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from yule_models.errors import FeatureTypeError

__all__ = ["MOST_BINS", "Codes", "bin_codes"]

MOST_BINS = 32
"""The most bins of one feature: one of them for missing values, of texts one for rare ones."""

Codes = npt.NDArray[np.int64]
"""The bin of each row, of shape (n,)."""


def bin_codes(values: pa.ChunkedArray) -> Codes:
    """Return the bin of each value, from 0 to `MOST_BINS` - 1; labels play no part.

    Numbers are cut at quantiles, such that equal values share a bin. The most frequent texts have a
    bin each (of equally frequent ones, those that sort first) and share one beyond. Missing values,
    NaN and infinities among them, are bin 0.

    Args:
        values: One feature, of shape (n,).

    Raises:
        FeatureTypeError: If it holds neither numbers, booleans nor texts.
    """
    kind = values.type
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    elif pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
    kind = values.type
    if pa.types.is_null(kind):
        return np.zeros(len(values), dtype=np.int64)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _text_codes(values)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _number_codes(values)
    raise FeatureTypeError(
        f"A feature of the type {kind} cannot be cut into bins; it must hold numbers, booleans or "
        "strings."
    )


def _number_codes(values: pa.ChunkedArray) -> Codes:
    numbers = values.cast(pa.float64(), safe=False).to_numpy()
    is_known = np.isfinite(numbers)
    codes = np.zeros(len(numbers), dtype=np.int64)
    if is_known.any():
        known = numbers[is_known]
        shares = np.linspace(0, 1, MOST_BINS)[1:-1]
        # Each edge is a value that occurs, and the last of its bin.
        edges = np.unique(np.quantile(known, shares, method="lower"))
        codes[is_known] = 1 + np.searchsorted(edges, known, side="left")
    return codes


def _text_codes(values: pa.ChunkedArray) -> Codes:
    counts = pc.value_counts(pc.drop_null(values))
    table = pa.table({"text": counts.field("values"), "rows": counts.field("counts")})
    ranked = table.sort_by([("rows", "descending"), ("text", "ascending")])["text"]
    frequent = ranked.slice(0, MOST_BINS - 2).combine_chunks()
    found = pc.index_in(values, value_set=frequent)
    rare = pa.scalar(MOST_BINS - 2, pa.int32())
    codes = pc.if_else(pc.is_null(values), pa.scalar(-1, pa.int32()), pc.coalesce(found, rare))
    return 1 + np.asarray(codes.to_numpy(), dtype=np.int64)
