"""Entity rows: whom to describe, as of when, with data until when."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from mushroom.errors import EntityError, about
from mushroom.instants import instants

__all__ = ["KEYS", "check_present", "entity_ids", "entity_rows", "shard_of", "unique_rows"]

KEYS = ("entity_id", "as_of", "data_until")


def shard_of(entity_id: int | str, shards: int) -> int:
    """The first 15 hex digits of the MD5 of the entity's id as text, modulo `shards`.

    Warehouses compute the same number in SQL.

    >>> shard_of(12347, 8), shard_of("12347", 8)
    (2, 2)
    """
    digits = hashlib.md5(str(entity_id).encode(), usedforsecurity=False).hexdigest()[:15]
    return int(digits, 16) % shards


def entity_ids(values: pa.ChunkedArray, *, what: str) -> pa.ChunkedArray:
    """A column of ids as int64 or string.

    Raises:
        EntityError: The column holds something else, such as floats.
    """
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_integer(values.type):
        return values.cast(pa.int64())
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return values.cast(pa.string())
    hint = "; pandas writes whole numbers so where some are missing: leave out the rows without one"
    raise EntityError(
        f"{what} must hold integers or strings, got {values.type}"
        f"{hint if pa.types.is_floating(values.type) else ''}."
    )


def check_present(values: pa.ChunkedArray, *, what: str) -> None:
    """Refuse nulls.

    Raises:
        EntityError: There are some.
    """
    if values.null_count:
        raise EntityError(
            f"{what} is empty in {values.null_count} of {len(values)} rows; fill in or leave out "
            "these rows."
        )


def entity_rows(table: pa.Table, *, timezone: str, what: str) -> pa.Table:
    """A table's rows with their keys in standard form, in the order they had.

    Args:
        table: `entity_id`, `as_of`, perhaps `data_until`, and any further columns.
        timezone: How dates and times without a zone are read.
        what: How an error calls the table.

    Returns:
        `entity_id`, `as_of`, `data_until` (as_of where the table has none), then the rest.

    Raises:
        EntityError: An id or a time is missing or of a wrong type, or `data_until` lies after
            `as_of`, so that the label could be seen in the features.
    """
    with about("entity"):
        columns = {"entity_id": entity_ids(table["entity_id"], what=f"The entity's id in {what}")}
        check_present(columns["entity_id"], what=f"The column for entity_id in {what}")
    for name in ("as_of", "data_until"):
        if name in table.column_names:
            label = f"The column for {name} in {what}"
            with about(name):
                columns[name] = instants(table[name], timezone=timezone, what=label)
                check_present(columns[name], what=label)
    columns.setdefault("data_until", columns["as_of"])
    late = pc.sum(pc.greater(columns["data_until"], columns["as_of"])).as_py()
    if late:
        with about("data_until"):
            raise EntityError(
                f"In {late} rows of {what} data_until lies after as_of; features would then see "
                "what happened in the time of the label. Set data_until to as_of or earlier."
            )
    rest = {name: table[name] for name in table.column_names if name not in KEYS}
    return pa.table({**{name: columns[name] for name in KEYS}, **rest})


def unique_rows(rows: pa.Table, *, what: str) -> pa.Table:
    """Rows sorted by (entity_id, as_of).

    Raises:
        EntityError: Two rows share entity and time, whether they say the same or not.
    """
    order = [(name, "ascending") for name in rows.column_names]
    rows = rows.sort_by(order).combine_chunks()
    if len(rows) < 2:
        return rows
    keys = rows.select(["entity_id", "as_of"])
    first, second = keys.slice(0, len(keys) - 1), keys.slice(1)
    again = pc.and_(*(pc.equal(first[name], second[name]) for name in keys.column_names))
    if repeated := pc.sum(again).as_py():
        at = pc.index(again, True).as_py()
        one, other = rows.slice(at, 2).to_pylist()
        differs = {name: (one[name], other[name]) for name in one if one[name] != other[name]}
        name, said = next(iter(differs.items()), ("", ("", "")))
        says = f"say {name} {said[0]!r} and {said[1]!r}" if differs else "say the same"
        raise EntityError(
            f"{what} has {repeated} further rows for an entity and time that it has already, such "
            f"as for entity {one['entity_id']!r} as of {one['as_of'].isoformat()}, where they "
            f"{says}; keep one row of each."
        )
    return rows
