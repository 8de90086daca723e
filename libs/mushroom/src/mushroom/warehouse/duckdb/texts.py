"""Values as the texts that GoogleSQL's CAST(… AS STRING) makes of them."""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

__all__ = ["text_of"]

# GoogleSQL writes the shorter of 15 and 17 digits that reads back as the same number, no sign of a
# zero, no zeros at the end of a NUMERIC, and of seconds no, three or six decimals. What `x` is, is
# known before any row is read: DuckDB keeps one branch only.
_TEXT = r"""
CASE
  WHEN TYPEOF(x) IN ('DOUBLE', 'FLOAT') THEN CASE
    WHEN TRY_CAST(x AS DOUBLE) = 0 THEN '0'
    WHEN CAST(PRINTF('%.15g', TRY_CAST(x AS DOUBLE)) AS DOUBLE) = TRY_CAST(x AS DOUBLE)
      THEN PRINTF('%.15g', TRY_CAST(x AS DOUBLE))
    ELSE PRINTF('%.17g', TRY_CAST(x AS DOUBLE))
  END
  WHEN TYPEOF(x) LIKE 'DECIMAL%,0)' THEN CAST(x AS TEXT)
  WHEN TYPEOF(x) LIKE 'DECIMAL%' THEN RTRIM(RTRIM(CAST(x AS TEXT), '0'), '.')
  WHEN TYPEOF(x) LIKE 'TIME%' THEN REGEXP_REPLACE(
    REGEXP_REPLACE(CAST(x AS TEXT), '\.(\d{2}|\d{5})(\D|$)', '.\10\2'),
    '\.(\d|\d{4})(\D|$)',
    '.\100\2'
  )
  ELSE CAST(x AS TEXT)
END
"""


def text_of(value: exp.Expr) -> exp.Expr:
    """The text of a value of any type, for DuckDB."""
    found = _template().copy()
    for node in list(found.find_all(exp.Column)):
        node.replace(value.copy())
    return found


@cache
def _template() -> exp.Expr:
    return sqlglot.parse_one(_TEXT, dialect="duckdb")
