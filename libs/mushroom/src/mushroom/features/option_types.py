"""Types that the options of several feature methods have in common."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import AfterValidator, WithJsonSchema

from mushroom.features.windows import parse_window

__all__ = ["Names", "SpanText", "WindowText", "Windows", "each_once"]

T = TypeVar("T", str, int)

_SPAN = "[1-9][0-9]*[hdw]|all"


def each_once(values: tuple[T, ...]) -> tuple[T, ...]:
    """Returns the values as they are.

    Raises:
        ValueError: If one stands twice.
    """
    if len(set(values)) < len(values):
        raise ValueError(f"Each may stand once; got {', '.join(map(str, values))}.")
    return values


def _readable(text: str) -> str:
    parse_window(text)
    return text


def _of_time(text: str) -> str:
    if parse_window(text).times is not None:
        raise ValueError(
            f"{text!r} is no length of time; write one such as 12h, 90d or 2w; or all."
        )
    return text


def _windows_differ(windows: tuple[str, ...]) -> tuple[str, ...]:
    if len({parse_window(text).extent for text in windows}) < len(windows):
        raise ValueError(f"Each window may stand once; got {', '.join(windows)}.")
    return windows


Names = Annotated[tuple[str, ...], AfterValidator(each_once)]
"""Names of columns, each of them once."""

WindowText = Annotated[
    str,
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "pattern": f"^({_SPAN}|last[1-9][0-9]{{0,3}})$"}),
]
"""What `parse_window` takes."""

SpanText = Annotated[
    str,
    AfterValidator(_of_time),
    WithJsonSchema({"type": "string", "pattern": f"^({_SPAN})$"}),
]
"""What `parse_window` takes for a length of time."""

Windows = Annotated[tuple[WindowText, ...], AfterValidator(_windows_differ)]
"""Windows, each of them once, however it is written."""
