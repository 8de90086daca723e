"""What a configuration can say about an `event_windows` feature."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar, get_args

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

__all__ = ["AGGREGATES", "ALL_AGGREGATES", "Aggregate", "EventWindowsOptions", "Trend"]

T = TypeVar("T", str, int)

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
    "top_share",
    "entropy",
    "first",
    "last",
    "hours",
    "weekdays",
    "gaps",
    "streaks",
    "regularity",
    "last_times",
]
Trend = Literal["ratio", "difference", "change"]

WINDOW_PATTERN = "^([1-9][0-9]*[hdw]|all|last[1-9][0-9]{0,3})$"
"""What `parse_window` takes, for editors."""

ALL_AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)

AGGREGATES: tuple[Aggregate, ...] = ALL_AGGREGATES[: ALL_AGGREGATES.index("top_share")]
"""Those that are computed where none are chosen."""

_OF_MEASURES = frozenset({"sum", "mean", "min", "max", "std"})
_OF_CATEGORIES = frozenset({"distinct", "top", "top_share", "entropy", "first", "last"})


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
        "`90d`, `2w`, or `all`; or `last5`, the events of the last five times there were any.",
    )
    measures: tuple[str, ...] | None = Field(
        default=None, description="Measures of the table to aggregate; all of them by default."
    )
    categories: tuple[str, ...] | None = Field(
        default=None, description="Categories of the table to describe; all of them by default."
    )
    aggregates: tuple[Aggregate, ...] = Field(
        default=AGGREGATES,
        description="What to compute; the default leaves out what is asked for more rarely.",
    )
    trend: tuple[Trend, ...] = Field(
        default=("ratio", "difference"),
        description="How to compare each window with the next longer one: `ratio` and "
        "`difference` of counts and sums, `change` of means.",
    )
    last_times: tuple[Annotated[int, Field(ge=2, le=1000)], ...] = Field(
        default=(2, 3, 5, 10),
        description="For the aggregate `last_times`: which of the last times of events to tell.",
    )

    @field_validator("windows")
    @classmethod
    def _lengths_are_unique(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        extents = [parse_window(text).extent for text in windows]
        if len(set(extents)) < len(extents):
            raise ValueError(f"Each window may stand once; got {', '.join(windows)}.")
        return windows

    @field_validator("measures", "categories", "aggregates", "trend", "last_times")
    @classmethod
    def _are_unique(cls, values: tuple[T, ...] | None) -> tuple[T, ...] | None:
        if values is not None and len(set(values)) < len(values):
            raise ValueError(f"Each may stand once; got {', '.join(map(str, values))}.")
        return values

    @property
    def parsed_windows(self) -> tuple[Window, ...]:
        """The windows: those of time, then those of a number of times, each shortest first."""
        windows = (parse_window(text) for text in self.windows)
        return tuple(sorted(windows, key=lambda window: window.extent))

    @property
    def widest(self) -> Window:
        """What holds all windows; those of a number of times may reach back without end."""
        windows = self.parsed_windows
        counted = any(window.times is not None for window in windows)
        return Window(label="all") if counted else windows[-1]

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
