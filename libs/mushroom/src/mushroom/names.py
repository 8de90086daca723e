"""Help with names that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["suggest"]


def suggest(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: the nearest one, or all there are.

    >>> suggest("transaction", ["transactions", "users"])
    "did you mean 'transactions'?"
    >>> suggest("x", ["transactions", "users"])
    'it has transactions, users.'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names) or 'none'}."
