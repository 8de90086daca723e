"""A window that is counted back from `as_of`: a length of time, or a number of times of events."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mushroom.durations import DurationError, parse_duration_s

__all__ = ["Window", "parse_window", "parse_windows", "widest"]


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of an entity's history up to `data_until`.

    Attributes:
        label: How the configuration writes it, which also names its columns.
        length_us: How far it reaches back from `as_of`, in microseconds; ``None``: without end.
        times: How many of the last distinct times of events it holds; ``None``: all of them.
    """

    label: str
    length_us: int | None = None
    times: int | None = None

    @property
    def extent(self) -> tuple[bool, float]:
        """Orders windows: those of time first, each kind from short to long."""
        return self.times is not None, self.times or self.length_us or math.inf


def parse_window(text: str) -> Window:
    """Reads a length such as `12h`, `90d` (days of 24 hours) or `2w`, or `all`, or `last5`.

    >>> parse_window("90d")
    Window(label='90d', length_us=7776000000000, times=None)

    Raises:
        ValueError: If the text is none of these.
    """
    if text == "all":
        return Window(label="all")
    if counted := re.fullmatch(r"last([1-9][0-9]{0,3})", text):
        return Window(label=text, times=int(counted[1]))
    try:
        length_s = parse_duration_s(text)
    except DurationError as error:
        raise ValueError(
            f"{text!r} is not a window; write a positive number of hours, days or weeks, such as "
            "12h, 90d or 2w; or all; or last5 for the last five times of events."
        ) from error
    return Window(label=text, length_us=length_s * 1_000_000)


def parse_windows(texts: Iterable[str]) -> tuple[Window, ...]:
    """Reads windows: those of time, then those of a number of times, each shortest first.

    Raises:
        ValueError: If a text is no window.
    """
    return tuple(sorted(map(parse_window, texts), key=lambda window: window.extent))


def widest(windows: Sequence[Window]) -> Window:
    """What holds all windows; those of a number of times may reach back without end."""
    if any(window.times is not None for window in windows):
        return Window(label="all")
    return max(windows, key=lambda window: window.extent)
