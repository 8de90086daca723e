"""What a configuration can say about a `text_embeddings` feature."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["TextEmbeddingsOptions"]


class TextEmbeddingsOptions(BaseModel):
    """Options of the `text_embeddings` method."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str = Field(description="The catalogue's name of an attributes table.")
    column: str = Field(description="The column of the table that holds a text.")
    dimensions: int = Field(default=16, ge=1, le=128, description="Number of columns.")
    terms: int = Field(
        default=1000,
        ge=1,
        le=2000,
        description="The most terms that are told apart: those that stand in most texts.",
    )
    words: int = Field(
        default=1, ge=1, le=2, description="The most words of a term: 2 takes pairs as well."
    )
