"""CSV that spreadsheet programs open without computing what somebody else wrote into it."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["as_text", "without_formulas"]

# OWASP, "CSV injection"; the wide forms count too.
_FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"


def as_text(value: str) -> str:
    """A text with an apostrophe before it where a spreadsheet would compute it.

    >>> as_text("=1+1"), as_text("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{value}" if re.match(_FORMULA, value) else value


def without_formulas(table: pa.Table) -> pa.Table:
    """The table with every text as `as_text` makes it; other columns stay as they are."""
    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            texts = table.column(position)
            is_formula = pc.match_substring_regex(texts, _FORMULA)
            quoted = pc.binary_join_element_wise("'", texts, "")
            table = table.set_column(position, field, pc.if_else(is_formula, quoted, texts))
    return table
