"""Words that come from elsewhere, made fit for a terminal, which would obey what is in them."""

from __future__ import annotations

__all__ = ["printable", "printable_lines"]


def printable(text: str) -> str:
    r"""Return a line in which control characters are escaped.

    >>> printable("\x1b[31mred\ttab")
    '\\x1b[31mred\ttab'
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape").decode()
        for each in text
    )


def printable_lines(text: str) -> str:
    r"""Return lines in which control characters are escaped, but for what ends a line.

    >>> printable_lines("one\n\x1b[31mtwo\rthree")
    'one\n\\x1b[31mtwo\\rthree'
    """
    return "\n".join(map(printable, text.split("\n")))
