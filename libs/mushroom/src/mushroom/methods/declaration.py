"""What a download method says about itself, in the YAML that its file begins with."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mushroom.methods.values import ParameterType

__all__ = ["Declaration", "ParameterDeclaration"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParameterDeclaration(_Section):
    """A value that the query binds as `@name`."""

    type: ParameterType
    doc: str = Field(default="", description="What the value means, with its unit.")
    default: Any = Field(default=None, description="What holds if none is given; none: required.")


class Declaration(_Section):
    """A method's summary, parameters and tables.

    Attributes:
        summary: What one row of the result says.
        parameters: The values that the query binds, by name.
        tables: The relations that stand for any table of a kind, to be chosen when the method is
            used. Every other relation of the query is a logical name of the catalogue.
    """

    summary: str = ""
    parameters: dict[str, ParameterDeclaration] = Field(default_factory=dict)
    tables: dict[str, Literal["events", "attributes"]] = Field(default_factory=dict)
