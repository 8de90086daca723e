"""What GoogleSQL's CAST and its like make of a value, for DuckDB.

What `x` is, is known before any row is read: DuckDB keeps one branch of each CASE over TYPEOF.
"""

from __future__ import annotations

from functools import cache

import sqlglot
from sqlglot import exp

__all__ = ["int64_of", "number_of", "seconds_of", "text_of", "truth_of"]

# GoogleSQL writes the shorter of 15 and 17 digits that reads back as the same number, no sign of a
# zero, no zeros at the end of a NUMERIC, and of seconds no, three or six decimals.
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

_WHOLE = r"REGEXP_FULL_MATCH(CAST(x AS TEXT), '\s*[+-]?(\d+|0[xX][0-9a-fA-F]+)\s*')"

# DuckDB rounds halves of a DOUBLE to even numbers, and takes '2.7' and '1e3' for whole numbers.
_INT64 = f"""
CASE
  WHEN TYPEOF(x) IN ('DOUBLE', 'FLOAT') THEN CAST(ROUND(TRY_CAST(x AS DOUBLE)) AS BIGINT)
  WHEN TYPEOF(x) = 'VARCHAR' AND NOT {_WHOLE}
    THEN ERROR('Bad INT64 value: ' || CAST(x AS TEXT))
  ELSE CAST(x AS BIGINT)
END
"""

_INT64_OR_NULL = f"""
CASE
  WHEN TYPEOF(x) IN ('DOUBLE', 'FLOAT') THEN TRY_CAST(ROUND(TRY_CAST(x AS DOUBLE)) AS BIGINT)
  WHEN TYPEOF(x) <> 'VARCHAR' THEN TRY_CAST(x AS BIGINT)
  WHEN {_WHOLE} THEN TRY_CAST(x AS BIGINT)
END
"""

# And 'yes' and '1' for true.
_TRUTH = """
CASE
  WHEN TYPEOF(x) <> 'VARCHAR' THEN CAST(x AS BOOLEAN)
  WHEN LOWER(CAST(x AS TEXT)) = 'true' THEN TRUE
  WHEN LOWER(CAST(x AS TEXT)) = 'false' THEN FALSE
  WHEN NOT x IS NULL THEN ERROR('Bad BOOL value: ' || CAST(x AS TEXT))
END
"""

_TRUTH_OR_NULL = """
CASE
  WHEN TYPEOF(x) <> 'VARCHAR' THEN TRY_CAST(x AS BOOLEAN)
  WHEN LOWER(CAST(x AS TEXT)) = 'true' THEN TRUE
  WHEN LOWER(CAST(x AS TEXT)) = 'false' THEN FALSE
END
"""

# And '1_000' for a thousand.
_NUMBER = """
CASE
  WHEN TYPEOF(x) = 'VARCHAR' AND CONTAINS(CAST(x AS TEXT), '_')
    THEN ERROR('Bad number: ' || CAST(x AS TEXT))
  ELSE CAST(x AS {0})
END
"""

_NUMBER_OR_NULL = """
CASE
  WHEN TYPEOF(x) = 'VARCHAR' AND CONTAINS(CAST(x AS TEXT), '_') THEN NULL
  ELSE TRY_CAST(x AS {0})
END
"""

# DuckDB's own round; a remainder has the sign of what is divided.
_SECONDS = "(EPOCH_US(x) - (EPOCH_US(x) % {0} + {0}) % {0}) // {0}"


def text_of(value: exp.Expr) -> exp.Expr:
    """The text of a value of any type."""
    return _filled(_TEXT, value)


def int64_of(value: exp.Expr, *, is_safe: bool) -> exp.Expr:
    """The INT64 of a value; of what is none, an error, or NULL where it is safe."""
    return _filled(_INT64_OR_NULL if is_safe else _INT64, value)


def number_of(value: exp.Expr, kind: exp.DataType, *, is_safe: bool) -> exp.Expr:
    """The FLOAT64 or NUMERIC of a value; of what is none, an error, or NULL where it is safe."""
    template = _NUMBER_OR_NULL if is_safe else _NUMBER
    return _filled(template.format(kind.sql(dialect="duckdb")), value)


def truth_of(value: exp.Expr, *, is_safe: bool) -> exp.Expr:
    """The BOOL of a value; of what is none, an error, or NULL where it is safe."""
    return _filled(_TRUTH_OR_NULL if is_safe else _TRUTH, value)


def seconds_of(time: exp.Expr, *, unit_us: int) -> exp.Expr:
    """How many units of so many microseconds a TIMESTAMP lies after 1970, rounded down."""
    return _filled(_SECONDS.format(unit_us), time)


def _filled(template: str, value: exp.Expr) -> exp.Expr:
    found = _parsed(template).copy()
    for node in list(found.find_all(exp.Column)):
        node.replace(value.copy())
    return found


@cache
def _parsed(template: str) -> exp.Expr:
    return exp.paren(sqlglot.parse_one(template, dialect="duckdb"), copy=False)
