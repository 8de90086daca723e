"""Between which values a search tries a parameter."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SearchRange"]


@dataclass(frozen=True, kw_only=True)
class SearchRange:
    """The values of a numeric parameter that a search tries.

    Attributes:
        low: The least value.
        high: The largest one.
        is_log: Whether values are spread evenly by their logarithm.
    """

    low: float
    high: float
    is_log: bool = False

    def __str__(self) -> str:
        return f"from {self.low:g} to {self.high:g}{', by its logarithm' if self.is_log else ''}"
