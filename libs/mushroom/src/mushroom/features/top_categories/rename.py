"""Columns named after the values that they count."""

from __future__ import annotations

import pyarrow as pa

from mushroom.features.learned.method import State
from mushroom.features.top_categories.options import TopCategoriesOptions

__all__ = ["name_values"]


def name_values(
    options: TopCategoriesOptions, answer: pa.Table, *, entities: pa.Table, state: State
) -> pa.Table:
    """The answer, whose columns tell values by themselves.

    So ``90d.item.1.count`` becomes ``90d.item=bread.count``: what a column means does not depend on
    how frequent its value is. That of all other values stays ``90d.item.other.count``. Of a value
    that is not printable, and of backslashes, the escapes are shown: names reach terminals.
    """
    del options, entities
    values = {
        (row["category"], str(row["place"])): _printable(row["value"])
        for row in state["vocabulary"].to_pylist()
    }
    return answer.rename_columns([_named(name, values) for name in answer.column_names])


def _named(name: str, values: dict[tuple[str, str], str]) -> str:
    parts = name.split(".", 3)
    if len(parts) < 4 or parts[2] == "other":
        return name
    window, category, place, aggregate = parts
    return f"{window}.{category}={values[category, place]}.{aggregate}"


def _printable(value: str) -> str:
    r"""The value in characters that are safe to print; no two values look the same.

    >>> _printable("bread"), _printable("a\nb")
    ('bread', 'a\\nb')
    """
    return "".join(
        c if c.isprintable() and c != "\\" else c.encode("unicode_escape").decode() for c in value
    )
