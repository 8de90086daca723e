"""From JSON to the typed values that a query binds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from mushroom.errors import EntityError, MethodError
from mushroom.instants import parse_instant
from mushroom.query import Scalar, Value

__all__ = ["ParameterType", "ResultType", "parse_value"]

ScalarType = Literal["bool", "int64", "float64", "numeric", "string", "date", "timestamp"]
ParameterType = Literal[
    "bool",
    "int64",
    "float64",
    "numeric",
    "string",
    "date",
    "timestamp",
    "array<int64>",
    "array<float64>",
    "array<numeric>",
    "array<string>",
    "array<date>",
    "array<timestamp>",
]
ResultType = Literal[
    "any",
    "entity",
    "bool",
    "int64",
    "float64",
    "numeric",
    "string",
    "date",
    "datetime",
    "timestamp",
    "array<int64>",
    "array<float64>",
    "array<numeric>",
    "array<string>",
    "array<date>",
    "array<timestamp>",
]


def parse_value(value: Any, kind: ParameterType, *, timezone: str) -> Value:
    """A JSON value as the Python value of a declared type.

    Args:
        value: A bool, a number, a text, or for an array a list of them. Dates and timestamps are
            ISO 8601 texts; numerics may be texts, to be exact.
        kind: The declared type.
        timezone: How timestamps without a zone are read.

    Raises:
        MethodError: The value does not fit the type.
    """
    if not kind.startswith("array<"):
        return _parse_scalar(value, kind, timezone)  # type: ignore[arg-type]  # no array here
    if not isinstance(value, list) or not value:
        raise MethodError(f"expected a list with at least one value, got {value!r}")
    element: ScalarType = kind[6:-1]  # type: ignore[assignment]  # the part between the brackets
    return tuple(_parse_scalar(item, element, timezone) for item in value)


def _parse_scalar(value: Any, kind: ScalarType, timezone: str) -> Scalar:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    parsed: Scalar | None = None
    try:
        match kind:
            case "bool" if isinstance(value, bool):
                parsed = value
            case "int64" if is_number and value == int(value) and abs(value) < 2**63:
                parsed = int(value)
            case "float64" if is_number:
                parsed = float(value)
            case "numeric" if is_number or isinstance(value, str):
                parsed = Decimal(str(value))
            case "string" if isinstance(value, str):
                parsed = value
            case "date" if isinstance(value, str):
                parsed = date.fromisoformat(value)
            case "timestamp" if isinstance(value, str):
                parsed = parse_instant(value, timezone=timezone)
    except (ValueError, OverflowError, InvalidOperation, EntityError) as error:
        raise MethodError(f"expected a value of the type {kind}, got {value!r}") from error
    if parsed is None or (isinstance(parsed, Decimal) and not parsed.is_finite()):
        raise MethodError(f"expected a value of the type {kind}, got {value!r}")
    return parsed
