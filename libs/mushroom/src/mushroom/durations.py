"""Lengths of time as people write them."""

from __future__ import annotations

import re

from mushroom.errors import MushroomError
from mushroom.names import check_text

__all__ = ["DurationError", "parse_duration_s"]

_SECONDS = {"h": 3600, "d": 86_400, "w": 7 * 86_400}


class DurationError(MushroomError, ValueError):
    """A text is not a length of time."""


def parse_duration_s(text: str) -> int:
    """The seconds of a length such as `12h`, `60d` or `2w`; a day has 24 hours.

    Raises:
        DurationError: The text has another form, is none, or says zero.

    >>> parse_duration_s("60d")
    5184000
    """
    check_text(text, what="A length of time such as 60d", error=DurationError)
    match = re.fullmatch(r"([1-9][0-9]*)([hdw])", text)
    if match is None:
        raise DurationError(
            f"{text!r} is not a length of time; write a positive number of hours, days or weeks, "
            "such as 12h, 60d or 2w."
        )
    return int(match[1]) * _SECONDS[match[2]]
