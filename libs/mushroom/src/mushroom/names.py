"""Help with names that nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

__all__ = ["check_text", "suggest", "texts"]


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


def check_text(value: object, *, what: str, error: Callable[[str], Exception]) -> None:
    """Refuse what is no text, such as a number or None.

    Args:
        value: What was given.
        what: What it is, as the error begins.
        error: Makes the error.
    """
    if not isinstance(value, str):
        raise error(f"{what} is a text, got {value!r}.")


def texts(values: object, *, what: str, error: Callable[[str], Exception]) -> tuple[str, ...]:
    """The texts of a list; one text is none, as its letters would be taken for them.

    Args:
        values: What was given.
        what: What it is, as the error begins.
        error: Makes the error.
    """
    if isinstance(values, Iterable) and not isinstance(values, str | bytes):
        found = tuple(values)
        if all(isinstance(value, str) for value in found):
            return found
    raise error(f"{what} is a list of texts, got {values!r}.")
