"""What a configuration can say about a `related` feature."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from mushroom.features.event_windows.options import Aggregate, EventWindowsOptions
from mushroom.features.option_types import Names, each_once

__all__ = ["RELATED_AGGREGATES", "RelatedOptions"]

RELATED_AGGREGATES: tuple[Aggregate, ...] = (
    "count",
    "recency",
    "mean",
    "min",
    "max",
    "std",
    "distinct",
    "top",
    "top_share",
)


class RelatedOptions(EventWindowsOptions):
    """Options of the `related` method: those of `event_windows`, and the way to the other table."""

    table: str = Field(description="The catalogue's name of the events table that refers.")
    reference: str = Field(description="The reference of that table to follow.")
    reach: Literal["last", "all"] = Field(
        default="last",
        description="Where the reference leads to events: those of the id that the entity referred "
        "to last, or of all that it ever referred to.",
    )
    measures: Names | None = Field(
        default=None,
        description="Measures, or columns with numbers, of the table that is referred to; all of "
        "them by default.",
    )
    categories: Names | None = Field(
        default=None,
        description="Categories, or columns with texts, of the table that is referred to; all of "
        "them by default.",
    )
    aggregates: Annotated[tuple[Aggregate, ...], AfterValidator(each_once)] = Field(
        default=RELATED_AGGREGATES, description="What to compute; see `event_windows`."
    )
