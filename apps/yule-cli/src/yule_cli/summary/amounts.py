"""Numbers as people read them."""

from __future__ import annotations

import math

__all__ = ["amount_digits", "format_amount", "format_count", "format_seconds", "format_value"]

_SIGNIFICANT, _MOST_DIGITS = 4, 8
_MINUS = "\N{MINUS SIGN}"


def format_seconds(seconds: float) -> str:
    """Return a duration with two or three significant figures.

    Example:
        >>> [format_seconds(s) for s in (0.0123, 1.26, 42.4, 83, 3725)]
        ['0.01 s', '1.3 s', '42 s', '1 min 23 s', '1 h 2 min']
    """
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def format_value(value: float | None, digits: int) -> str:
    """Return a metric with `digits` after the point, or a dash where there is none.

    Example:
        >>> format_value(0.81249, 3), format_value(75_498.1, 0), format_value(None, 3)
        ('0.812', '75,498', '–')
    """
    if value is None:
        return "–"
    return f"{value:,.{digits}f}".replace("-", _MINUS)


def amount_digits(value: float | None) -> int:
    """Return how many digits after the point show about four in all.

    Example:
        >>> [amount_digits(value) for value in (0.01234, 35.4, 12_345.6)]
        [5, 2, 0]
    """
    if not value:
        return _SIGNIFICANT
    return min(max(_SIGNIFICANT - 1 - math.floor(math.log10(abs(value))), 0), _MOST_DIGITS)


def format_amount(value: float) -> str:
    """Return an amount with about four digits, and never with an exponent.

    Example:
        >>> format_amount(0.01234), format_amount(-35.4), format_amount(12_345.6)
        ('0.01234', '−35.40', '12,346')
    """
    return f"{value:,.{amount_digits(value)}f}".replace("-", _MINUS)


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> format_count(1, "task"), format_count(4300, "row")
        ('1 task', '4,300 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
