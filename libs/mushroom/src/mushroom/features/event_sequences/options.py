"""What a configuration can say about an `event_sequences` feature."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from mushroom.catalog import Events, known_with_row
from mushroom.features.option_types import Names

__all__ = ["EventSequencesOptions"]


class EventSequencesOptions(BaseModel):
    """Options of the `event_sequences` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    length: int = Field(
        default=50, ge=1, le=1000, description="How many events an entity has at most: the last."
    )
    categories: Names | None = Field(
        default=None, description="Categories to tell as codes; all of the table by default."
    )
    measures: Names | None = Field(
        default=None, description="Measures to tell; all of the table by default."
    )
    values: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="How many values of each category have codes: the most frequent.",
    )

    def categories_of(self, table: Events) -> tuple[str, ...]:
        """The categories, by name where none are chosen."""
        return known_with_row(table.categories) if self.categories is None else self.categories

    def measures_of(self, table: Events) -> tuple[str, ...]:
        """The measures, by name where none are chosen."""
        return known_with_row(table.measures) if self.measures is None else self.measures
