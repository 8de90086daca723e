"""What a configuration can say about a `top_categories` feature."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mushroom.catalog import Events, known_with_row
from mushroom.features.option_types import Names, Windows, each_once
from mushroom.features.windows import Window, parse_windows

__all__ = ["Share", "TopCategoriesOptions"]

Share = Literal["count", "share", "sum"]


class TopCategoriesOptions(BaseModel):
    """Options of the `top_categories` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    categories: Names | None = Field(
        default=None, description="Categories of the table; all of them by default."
    )
    values: int = Field(
        default=10,
        ge=1,
        le=200,
        description="How many values of each category have columns: the most frequent.",
    )
    windows: Windows = Field(
        default=("90d", "all"),
        min_length=1,
        description="Windows counted back from `as_of`: hours, days or weeks such as `12h`, "
        "`90d`, `2w`, or `all`; or `last5`, the events of the last five times there were any.",
    )
    aggregates: Annotated[tuple[Share, ...], AfterValidator(each_once)] = Field(
        default=get_args(Share),
        min_length=1,
        description="What to compute of each value: the count of its events, their share, and the "
        "sum of each measure; everything by default.",
    )
    measures: Names | None = Field(
        default=None, description="Measures to sum; all of the table by default."
    )

    @property
    def parsed_windows(self) -> tuple[Window, ...]:
        """The windows: those of time, then those of a number of times, each shortest first."""
        return parse_windows(self.windows)

    def categories_of(self, table: Events) -> tuple[str, ...]:
        """The categories, by name where none are chosen."""
        return known_with_row(table.categories) if self.categories is None else self.categories

    def measures_of(self, table: Events) -> tuple[str, ...]:
        """The measures that are summed, by name where none are chosen."""
        if "sum" not in self.aggregates:
            return ()
        return known_with_row(table.measures) if self.measures is None else self.measures
