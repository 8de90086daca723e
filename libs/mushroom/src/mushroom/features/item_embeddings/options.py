"""What a configuration can say about an `item_embeddings` feature."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from mushroom.features.option_types import SpanText
from mushroom.features.windows import Window, parse_window

__all__ = ["ItemEmbeddingsOptions"]


class ItemEmbeddingsOptions(BaseModel):
    """Options of the `item_embeddings` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an events table.")
    category: str = Field(description="The category whose values are the items.")
    measure: str | None = Field(
        default=None,
        description="The measure whose sum says how much an entity has of an item; by default, "
        "the number of its events does.",
    )
    dimensions: int = Field(default=16, ge=1, le=128, description="Number of columns.")
    items: int = Field(
        default=1000,
        ge=1,
        le=2000,
        description="The most items that are told apart: those that most entities have.",
    )
    window: SpanText = Field(
        default="all",
        description="Which events count, back from `as_of`, and in a fit from `fit_until`: hours, "
        "days or weeks such as `90d`, or `all`.",
    )
    rarity: bool = Field(
        default=True, description="Whether an item counts the more, the fewer entities have it."
    )

    @property
    def parsed_window(self) -> Window:
        """The window."""
        return parse_window(self.window)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measure, if there is one."""
        return () if self.measure is None else (self.measure,)
