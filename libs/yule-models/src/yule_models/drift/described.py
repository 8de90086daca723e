"""A feature's values in a word or two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["described"]


def described(values: pa.ChunkedArray) -> dict[str, Any]:
    """Return the `typical` value, and the share that is `missing`.

    Args:
        values: Numbers, booleans or texts; NaN and infinities are missing.

    Returns:
        Of numbers the median; else the most frequent text, of equally frequent ones the first by
        name; None where all are missing.

    Example:
        >>> described(pa.chunked_array([["b", "a", None, "b"]]))
        {'typical': 'b', 'missing': 0.25}
    """
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, pa.scalar(None, values.type))
    known = values.drop_null()
    missing = 1 - len(known) / max(len(values), 1)
    typical: float | str | None = None
    if len(known) and _is_number(known.type):
        typical = float(np.median(known.cast(pa.float64(), safe=False).to_numpy()))
    elif len(known):
        counts = pc.value_counts(known.cast(pa.string()))
        table = pa.table({"text": counts.field("values"), "rows": counts.field("counts")})
        ranked = table.sort_by([("rows", "descending"), ("text", "ascending")])
        typical = ranked["text"][0].as_py()
    return {"typical": typical, "missing": missing}


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )
