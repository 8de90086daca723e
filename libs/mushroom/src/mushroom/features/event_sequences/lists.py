"""Events put together into one row of lists for each entity row."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mushroom.features.event_sequences.options import EventSequencesOptions
from mushroom.features.event_windows.names import AGE, PLACE
from mushroom.features.facts import FACTS
from mushroom.features.learned.method import State
from mushroom.features.rows import KEYS

__all__ = ["as_lists"]

_DAY_US = 86_400_000_000
_KINDS = {"code__": ("category", pa.int64()), "measure__": ("measure", pa.float64())}


def as_lists(
    options: EventSequencesOptions, found: pa.Table, *, entities: pa.Table, state: State
) -> pa.Table:
    """One row for each entity row: keys, facts, and the lists of its last events, oldest first.

    Args:
        options: Not used.
        found: The rows of each entity row one after another, in any order.
        entities: Not used.
        state: Not used.

    Returns:
        `length`, the number of events; `age`, the days from each to `as_of`; `gap`, the days since
        the event before it (NULL of the first); for each category `category.<name>`, codes: 0 is an
        event without a value, 1 a value that the fit does not know, and from 2 on the values of the
        vocabulary in their order; for each measure `measure.<name>`, NULL where missing.
    """
    import numpy as np

    del options, entities, state
    rows = _numbered(found)
    place = pc.fill_null(found[PLACE], 0).to_numpy()
    in_order = np.lexsort((-place, rows))
    found, rows = found.take(pa.array(in_order)), rows[in_order]
    happened = pc.is_valid(found[AGE])
    lengths = np.bincount(rows[happened.to_numpy()], minlength=rows[-1] + 1 if len(rows) else 0)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int32())
    events = found.filter(happened).combine_chunks()
    age_us = events[AGE].to_numpy().astype(np.int64)
    gaps = np.concatenate([[0], age_us[:-1] - age_us[1:]])[: len(age_us)] / _DAY_US
    is_first = np.zeros(len(age_us), dtype=bool)
    is_first[np.cumsum(lengths)[lengths > 0] - lengths[lengths > 0]] = True
    first_of_row = np.flatnonzero(np.diff(rows, prepend=-1))
    columns: dict[str, Any] = {
        **{name: found[name].take(pa.array(first_of_row)) for name in (*KEYS, *FACTS)},
        "length": pa.array(lengths, pa.int64()),
        "age": _lists(offsets, pa.array(age_us / _DAY_US)),
        "gap": _lists(offsets, pa.array(gaps, mask=is_first)),
    }
    for name in found.column_names:
        for prefix, (kind, of_type) in _KINDS.items():
            if name.startswith(prefix):
                values = pa.concat_arrays(
                    [pa.array([], of_type), *events[name].cast(of_type).chunks]
                )
                columns[f"{kind}.{name.removeprefix(prefix)}"] = _lists(offsets, values)
    return pa.table(columns)


def _lists(offsets: pa.Array, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(offsets, values)


def _numbered(found: pa.Table) -> Any:
    """The number of the entity row that each row is of, from 0: a new one where the keys change."""
    import numpy as np

    is_new = np.zeros(found.num_rows, dtype=bool)
    for key in KEYS:
        values = found[key].combine_chunks()
        is_new[1:] |= pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)
    return np.cumsum(is_new)
