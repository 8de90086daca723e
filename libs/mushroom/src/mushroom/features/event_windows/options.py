"""What a configuration can say about an `event_windows` feature."""

from __future__ import annotations

import math
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
)

from mushroom.catalog import Events
from mushroom.features.event_windows.window import Window, parse_window

__all__ = ["AGGREGATES", "Aggregate", "EventWindowsOptions", "Trend"]

Aggregate = Literal[
    "count",
    "active_days",
    "interval",
    "recency",
    "first_seen",
    "sum",
    "mean",
    "min",
    "max",
    "std",
    "distinct",
    "top",
]
Trend = Literal["ratio", "difference"]

WINDOW_PATTERN = "^([1-9][0-9]*[hdw]|all)$"
"""What `parse_window` takes, for editors."""

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)

_OF_MEASURES = frozenset({"sum", "mean", "min", "max", "std"})
_OF_CATEGORIES = frozenset({"distinct", "top"})


def _readable(text: str) -> str:
    parse_window(text)
    return text


WindowText = Annotated[
    str,
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "pattern": WINDOW_PATTERN}),
]


class EventWindowsOptions(BaseModel):
    """Options of the `event_windows` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    windows: tuple[WindowText, ...] = Field(
        default=("30d", "90d", "all"),
        min_length=1,
        description="Windows counted back from `as_of`: hours, days or weeks such as `12h`, "
        "`90d`, `2w`, or `all`.",
    )
    measures: tuple[str, ...] | None = Field(
        default=None, description="Measures of the table to aggregate; all of them by default."
    )
    categories: tuple[str, ...] | None = Field(
        default=None, description="Categories of the table to describe; all of them by default."
    )
    aggregates: tuple[Aggregate, ...] = Field(
        default=AGGREGATES, description="What to compute; everything by default."
    )
    trend: tuple[Trend, ...] = Field(
        default=("ratio", "difference"),
        description="How to compare each window with the next longer one.",
    )

    @field_validator("windows")
    @classmethod
    def _lengths_are_unique(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        lengths = [parse_window(text).length_us for text in windows]
        if len(set(lengths)) < len(lengths):
            raise ValueError(f"Each window may stand once; got {', '.join(windows)}.")
        return windows

    @field_validator("measures", "categories", "aggregates", "trend")
    @classmethod
    def _names_are_unique(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is not None and len(set(names)) < len(names):
            raise ValueError(f"Each name may stand once; got {', '.join(names)}.")
        return names

    @property
    def parsed_windows(self) -> tuple[Window, ...]:
        """The windows, shortest first."""
        windows = (parse_window(text) for text in self.windows)
        return tuple(sorted(windows, key=lambda window: window.length_us or math.inf))

    def measures_of(self, table: Events) -> tuple[str, ...]:
        """The measures of a table that the aggregates need, by name where none are chosen."""
        if _OF_MEASURES.isdisjoint(self.aggregates):
            return ()
        return tuple(sorted(table.measures)) if self.measures is None else self.measures

    def categories_of(self, table: Events) -> tuple[str, ...]:
        """The categories of a table that the aggregates need, by name where none are chosen."""
        if _OF_CATEGORIES.isdisjoint(self.aggregates):
            return ()
        return tuple(sorted(table.categories)) if self.categories is None else self.categories

    def makes_columns(self, table: Events) -> bool:
        """Whether any aggregate has something to describe in a table."""
        return bool(
            self.measures_of(table)
            or self.categories_of(table)
            or set(self.aggregates) - _OF_MEASURES - _OF_CATEGORIES
        )
