"""What a configuration can say about a `top_categories` feature."""

from __future__ import annotations

import math
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from mushroom.catalog import Events
from mushroom.features.event_windows.options import WindowText
from mushroom.features.event_windows.window import Window, parse_window

__all__ = ["Share", "TopCategoriesOptions"]

Share = Literal["count", "share", "sum"]


class TopCategoriesOptions(BaseModel):
    """Options of the `top_categories` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    categories: tuple[str, ...] | None = Field(
        default=None, description="Categories of the table; all of them by default."
    )
    values: int = Field(
        default=10,
        ge=1,
        le=200,
        description="How many values of each category have columns: the most frequent.",
    )
    windows: tuple[WindowText, ...] = Field(
        default=("90d", "all"),
        min_length=1,
        description="Windows counted back from `as_of`: hours, days or weeks such as `12h`, "
        "`90d`, `2w`, or `all`.",
    )
    aggregates: tuple[Share, ...] = Field(
        default=get_args(Share),
        min_length=1,
        description="What to compute of each value: the count of its events, their share, and the "
        "sum of each measure; everything by default.",
    )
    measures: tuple[str, ...] | None = Field(
        default=None, description="Measures to sum; all of the table by default."
    )

    @field_validator("windows")
    @classmethod
    def _lengths_are_unique(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        if len({parse_window(text).length_us for text in windows}) < len(windows):
            raise ValueError(f"Each window may stand once; got {', '.join(windows)}.")
        return windows

    @field_validator("categories", "aggregates", "measures")
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

    def categories_of(self, table: Events) -> tuple[str, ...]:
        """The categories, by name where none are chosen."""
        return tuple(sorted(table.categories)) if self.categories is None else self.categories

    def measures_of(self, table: Events) -> tuple[str, ...]:
        """The measures that are summed, by name where none are chosen."""
        if "sum" not in self.aggregates:
            return ()
        return tuple(sorted(table.measures)) if self.measures is None else self.measures
