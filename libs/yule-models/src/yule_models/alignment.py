"""Tables that describe the same rows in the same order."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from yule_models.errors import YuleModelsError

__all__ = ["KEYS", "ROW_WEIGHT", "AlignmentError", "check_aligned", "row_weights"]

KEYS = ("entity_id", "as_of")
ROW_WEIGHT = "row_weight"
"""A column that labelled rows may have: how much each counts, above 0."""


class AlignmentError(YuleModelsError):
    """Two tables that should describe the same rows do not."""


def row_weights(labels: pa.Table) -> npt.NDArray[np.float64] | None:
    """Return the weights of labelled rows, with a mean of 1; None where they have none."""
    if ROW_WEIGHT not in labels.column_names:
        return None
    weights = labels[ROW_WEIGHT].to_numpy()
    return np.asarray(weights / weights.mean())


def check_aligned(one: pa.Table, other: pa.Table, *, names: tuple[str, str]) -> None:
    """Check that two tables have the same entity_id and as_of row by row.

    Args:
        one: A table.
        other: Another.
        names: What to call them in an error.

    Raises:
        AlignmentError: If they differ; it names the first row that does.
    """
    for name, table in zip(names, (one, other), strict=True):
        missing = [key for key in KEYS if key not in table.column_names]
        if missing:
            raise AlignmentError(f"The {name} lack the column {missing[0]!r}.")
    if one.num_rows != other.num_rows:
        raise AlignmentError(
            f"The {names[0]} have {one.num_rows} rows, the {names[1]} {other.num_rows}; "
            "they must describe the same rows in the same order."
        )
    for key in KEYS:
        left, right = _comparable(one[key]), _comparable(other[key])
        differs = pc.fill_null(pc.not_equal(left, right), True)
        if pc.any(differs).as_py():
            row = pc.index(differs, True).as_py()
            raise AlignmentError(
                f"Row {row} of the {names[0]} has {key} {left[row]}, that of the {names[1]} "
                f"{right[row]}; they must describe the same rows in the same order."
            )


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", "UTC"))
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    return column.cast(pa.string())
