"""Which windows suit a question: by how far its labels look ahead, and the data back."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["choose_windows"]

_HOUR_S, _DAY_S = 3600, 86_400
_MOST_OF_SPAN = 0.8


def choose_windows(*, horizon_s: int, span_s: int, times: Sequence[float]) -> tuple[str, ...]:
    """Windows that are `times` as long as the horizon, and `all`.

    Windows of a day or more are whole days, shorter ones whole hours. Those that would hold more
    than four fifths of the time between the first and the last event say what `all` says.

    >>> choose_windows(horizon_s=60 * 86_400, span_s=370 * 86_400, times=(0.5, 2, 12))
    ('30d', '120d', 'all')
    """
    lengths = dict.fromkeys(_rounded(horizon_s * factor) for factor in sorted(times))
    kept = [length for length in lengths if length <= _MOST_OF_SPAN * span_s]
    return (*map(_text, kept), "all")


def _rounded(length_s: float) -> int:
    unit = _DAY_S if length_s >= _DAY_S else _HOUR_S
    return max(1, round(length_s / unit)) * unit


def _text(length_s: int) -> str:
    return f"{length_s // _DAY_S}d" if length_s % _DAY_S == 0 else f"{length_s // _HOUR_S}h"
