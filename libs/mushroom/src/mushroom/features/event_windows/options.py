"""What a configuration can say about an `event_windows` feature."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mushroom.catalog import Events, known_with_row
from mushroom.features.option_types import Names, Windows, each_once
from mushroom.features.windows import Window, parse_windows

__all__ = ["AGGREGATES", "ALL_AGGREGATES", "Aggregate", "EventWindowsOptions", "Trend"]

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
    "known_share",
]
Trend = Literal["ratio", "difference", "change"]

ALL_AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)

AGGREGATES: tuple[Aggregate, ...] = ALL_AGGREGATES[: ALL_AGGREGATES.index("top_share")]
"""Those that are computed where none are chosen."""

_OF_MEASURES = frozenset({"sum", "mean", "min", "max", "std", "known_share"})
_OF_CATEGORIES = frozenset({"distinct", "top", "top_share", "entropy", "first", "last"})


_Place = Annotated[int, Field(ge=2, le=1000)]


class EventWindowsOptions(BaseModel):
    """Options of the `event_windows` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    windows: Windows = Field(
        default=("30d", "90d", "all"),
        min_length=1,
        description="Windows counted back from `as_of`: hours, days or weeks such as `12h`, "
        "`90d`, `2w`, or `all`; or `last5`, the events of the last five times there were any.",
    )
    measures: Names | None = Field(
        default=None, description="Measures of the table to aggregate; all of them by default."
    )
    categories: Names | None = Field(
        default=None, description="Categories of the table to describe; all of them by default."
    )
    aggregates: Annotated[tuple[Aggregate, ...], AfterValidator(each_once)] = Field(
        default=AGGREGATES,
        description="What to compute; the default leaves out what is asked for more rarely.",
    )
    trend: Annotated[tuple[Trend, ...], AfterValidator(each_once)] = Field(
        default=("ratio", "difference"),
        description="How to compare each window with the next longer one: `ratio` and "
        "`difference` of counts and sums, `change` of means.",
    )
    last_times: Annotated[tuple[_Place, ...], AfterValidator(each_once)] = Field(
        default=(2, 3, 5, 10),
        description="For the aggregate `last_times`: which of the last times of events to tell.",
    )

    @property
    def parsed_windows(self) -> tuple[Window, ...]:
        """The windows: those of time, then those of a number of times, each shortest first."""
        return parse_windows(self.windows)

    def measures_of(self, table: Events) -> tuple[str, ...]:
        """The measures of a table that the aggregates need, by name where none are chosen."""
        if _OF_MEASURES.isdisjoint(self.aggregates):
            return ()
        return known_with_row(table.measures) if self.measures is None else self.measures

    def categories_of(self, table: Events) -> tuple[str, ...]:
        """The categories of a table that the aggregates need, by name where none are chosen."""
        if _OF_CATEGORIES.isdisjoint(self.aggregates):
            return ()
        return known_with_row(table.categories) if self.categories is None else self.categories

    def makes_columns(self, table: Events) -> bool:
        """Whether any aggregate has something to describe in a table."""
        return bool(
            self.measures_of(table)
            or self.categories_of(table)
            or set(self.aggregates) - _OF_MEASURES - _OF_CATEGORIES
        )
