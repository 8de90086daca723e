"""What a configuration can say about an `entity_attributes` feature."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from mushroom.features.option_types import Names

__all__ = ["EntityAttributesOptions"]


class EntityAttributesOptions(BaseModel):
    """Options of the `entity_attributes` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an attributes table.")
    columns: Names | None = Field(
        default=None,
        min_length=1,
        description="Columns of the table, by the catalogue's names; all of them by default.",
    )
