"""A window of time that is counted back from `as_of`."""

from __future__ import annotations

from dataclasses import dataclass

from mushroom.durations import DurationError, parse_duration_s

__all__ = ["Window", "parse_window"]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The stretch of an entity's history after `as_of` minus a length.

    Attributes:
        label: How the configuration writes it, which also names its columns.
        length_us: Its length in microseconds; ``None`` is the whole history.
    """

    label: str
    length_us: int | None


def parse_window(text: str) -> Window:
    """Reads a length such as `12h`, `90d` (days of 24 hours) or `2w`, or `all`.

    >>> parse_window("90d")
    Window(label='90d', length_us=7776000000000)

    Raises:
        ValueError: If the text is none of these.
    """
    if text == "all":
        return Window(label="all", length_us=None)
    try:
        length_s = parse_duration_s(text)
    except DurationError as error:
        raise ValueError(
            f"{text!r} is not a window; write a positive number of hours, days or weeks, such as "
            "12h, 90d or 2w, or all."
        ) from error
    return Window(label=text, length_us=length_s * 1_000_000)
