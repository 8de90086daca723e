"""Writes docs/reference/sql-functions.md from the functions that the contract asks, or checks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from mushroom.testing.function_cases import FunctionCase, function_cases

PAGE = Path(__file__).parents[1] / "docs/reference/sql-functions.md"

_HEAD = """# What methods may ask

Methods and catalogues are written in GoogleSQL. BigQuery runs them as they are; DuckDB runs what
sqlglot makes of them, with some corrections. These are the functions that a method may use on both.
Each was asked what stands here, and gave the answer that stands here, value and type: the page is
written by `tools/write_sql_reference.py` from a contract suite for warehouses
(`mushroom.testing.FunctionContract`), which runs on DuckDB and, over the wire, on an emulator of
BigQuery. The answers are those that GoogleSQL documents: where the emulator has another,
`mushroom.testing.emulator_gaps` says which. On DuckDB any other function is refused, with its line.

Beside them: `SELECT` with `DISTINCT`, `EXCEPT`, `WHERE`, `GROUP BY`, `HAVING`, `QUALIFY`,
`ORDER BY`, `LIMIT`; joins; `UNION ALL`, `UNION DISTINCT`; common table expressions; subqueries;
windows with frames; `UNNEST`.

Not the same everywhere, and therefore better avoided:

- `TO_JSON_STRING` of numbers with decimals, and of times: written otherwise; of NULL: `null` on
  BigQuery, NULL on DuckDB.
- `OFFSET` beyond the end: an error on BigQuery, NULL on DuckDB; take `SAFE_OFFSET`.
- What is divided by zero, `LN(0)`, `SQRT(-1)`, numbers beyond what a FLOAT64 holds: an error on
  BigQuery, infinite or NaN on DuckDB; take `SAFE_DIVIDE`, and ask before.
- NaN: on DuckDB it equals itself, and is larger than any other number; on BigQuery `ORDER BY` has
  it before all numbers, and it is the `MIN` and the `MAX` of what holds it. Ask `IS_NAN` first.
- `AVG` of NUMERIC, NUMERIC divided, `ROUND` and `TRUNC` of INT64: of the same value, but on DuckDB
  FLOAT64 (of more digits) and INT64; cast what they give.
- `UPPER` of a letter that Unicode writes as several capitals, such as the ligature of f and i: on
  DuckDB only the sharp s becomes two. `CONTAINS_SUBSTR` looks away from more than case on
  BigQuery: `STRASSE` is in `straße`. `CHR(0)` is an empty text on BigQuery.
- A time that clocks show twice, made a TIMESTAMP: the first on BigQuery, the second on DuckDB.
- A DATE less a DATE: an interval on BigQuery, a number of days on DuckDB; take `DATE_DIFF`.
- `GENERATE_ARRAY` of FLOAT64: an error on DuckDB.
- `GENERATE_DATE_ARRAY` by months from the end of one: some days are others.
- `FORMAT_` functions with other than `%Y %m %d %H %M %S %j %A %a %B %b %F %T %G %V %u %y`.
- `SAFE_CAST` of texts to `DATE` and times: DuckDB reads more forms than BigQuery.
- `WITH OFFSET`, `SAFE.` functions, `ARRAY_AGG(... LIMIT n)`, `FARM_FINGERPRINT`, the present time
  and random numbers: refused.
- `APPROX_COUNT_DISTINCT`: an estimate, which differs between warehouses for many values.
"""


def main() -> int:
    """Write the page, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args()
    text = "\n".join(sql_reference(list(function_cases()))).rstrip() + "\n"
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or text != PAGE.read_text(encoding="utf-8"):
        print(f"{PAGE.name} is not what the contract asks: run {Path(__file__).name}.")
        return 1
    return 0


def sql_reference(cases: list[FunctionCase]) -> Iterator[str]:
    """Return the lines of the page."""
    yield _HEAD
    for section, members in groupby(cases, key=lambda case: case.section):
        yield f"## {section}\n"
        yield "| function | asked | answer |\n|---|---|---|"
        for case in members:
            cells = (_code(case.name), _code(case.expression), _code(case.answer))
            yield f"| {' | '.join(cells)} |"
        yield ""


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
