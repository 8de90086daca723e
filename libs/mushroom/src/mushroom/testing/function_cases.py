"""What of GoogleSQL is known to run everywhere, each asked once or more, with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

from mushroom.googlesql import parse_query
from mushroom.query import Query

__all__ = ["FunctionCase", "function_cases", "shown_value"]

_ZONE = "Europe/Berlin"


@dataclass(frozen=True, kw_only=True)
class FunctionCase:
    """One expression and its answer.

    Attributes:
        section: The kind of function.
        name: The function or operator.
        expression: What is asked, in GoogleSQL; the parameter `@zone` is Europe/Berlin.
        answer: Its value, as `shown_value` writes it.
    """

    section: str
    name: str
    expression: str
    answer: str

    @property
    def query(self) -> Query:
        """A query for the expression, as the column `v` of one row."""
        parameters = {"zone": _ZONE} if "@zone" in self.expression else {}
        return Query(tree=parse_query(f"SELECT {self.expression} AS v"), parameters=parameters)


def function_cases() -> Iterator[FunctionCase]:
    """All cases, as `functions.txt` has them: `NAME: EXPRESSION => ANSWER`, a line each."""
    section = ""
    for line in files("mushroom.testing").joinpath("functions.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            section = line[2:]
        elif line:
            asked, _, answer = line.rpartition(" => ")
            name, _, expression = asked.partition(": ")
            yield FunctionCase(section=section, name=name, expression=expression, answer=answer)


def shown_value(value: Any) -> str:
    """A value with its GoogleSQL type; of a FLOAT64 twelve digits.

    >>> shown_value([1, None]), shown_value(0.5), shown_value(date(2024, 3, 31))
    ('ARRAY [INT64 1, NULL]', 'FLOAT64 0.5', 'DATE 2024-03-31')
    """
    match value:
        case None:
            text = "NULL"
        case bool():
            text = f"BOOL {str(value).lower()}"
        case int():
            text = f"INT64 {value}"
        case float():
            text = f"FLOAT64 {value:.12g}"
        case Decimal():
            # How many zeros follow is the column's scale, not the value.
            text = f"NUMERIC {value.normalize():f}"
        case datetime():
            kind = "DATETIME" if value.tzinfo is None else "TIMESTAMP"
            text = f"{kind} {value.isoformat().replace('+00:00', 'Z')}"
        case date():
            text = f"DATE {value.isoformat()}"
        case list():
            text = f"ARRAY [{', '.join(map(shown_value, value))}]"
        case dict():
            fields = (f"{name}: {shown_value(field)}" for name, field in value.items())
            text = f"STRUCT {{{', '.join(fields)}}}"
        case _:
            text = f"STRING {value}"
    return text
