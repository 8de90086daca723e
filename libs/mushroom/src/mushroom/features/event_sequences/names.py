"""Names of the columns of a sequence."""

from __future__ import annotations

__all__ = ["code"]


def code(name: str) -> str:
    """The column of one event that holds the code of a category."""
    return f"code__{name}"
