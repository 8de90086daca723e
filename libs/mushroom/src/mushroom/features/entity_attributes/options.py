"""What a configuration can say about an `entity_attributes` feature."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

__all__ = ["EntityAttributesOptions"]


class EntityAttributesOptions(BaseModel):
    """Options of the `entity_attributes` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an attributes table.")
    columns: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="Columns of the table, by the catalogue's names; all of them by default.",
    )

    @field_validator("columns")
    @classmethod
    def _names_are_unique(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is not None and len(set(names)) < len(names):
            raise ValueError(f"Each column may stand once; got {', '.join(names)}.")
        return names
