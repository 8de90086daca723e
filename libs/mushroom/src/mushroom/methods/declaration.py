"""What a download method says about itself, in the YAML that its file begins with."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mushroom.errors import MethodError
from mushroom.methods.values import ParameterType, ResultType, parse_value

__all__ = [
    "ANY_COLUMNS",
    "Declaration",
    "ParameterDeclaration",
    "ResultDeclaration",
    "TableDeclaration",
]

ANY_COLUMNS = "*"
"""In `returns`: further columns, which depend on the catalogue."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ResultDeclaration(_Section):
    """A column of the result."""

    type: ResultType = Field(default="any", description="Its type; `entity`: int64 or string.")
    doc: str = Field(default="", description="What a value means, with its unit.")


class TableDeclaration(_Section):
    """A relation of the query that stands for any table of a kind."""

    kind: Literal["events", "attributes"]
    doc: str = Field(default="", description="What the table should hold.")
    measures: tuple[str, ...] = Field(default=(), description="Events: measures it must have.")
    categories: tuple[str, ...] = Field(default=(), description="Events: categories it must have.")
    columns: tuple[str, ...] = Field(default=(), description="Attributes: columns it must have.")
    versioned: bool | None = Field(
        default=None, description="Attributes: whether it must have `valid_from`, or must not."
    )

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "events" and (self.columns or self.versioned is not None):
            raise ValueError("`columns` and `versioned` are for tables of the kind attributes")
        if self.kind == "attributes" and (self.measures or self.categories):
            raise ValueError("`measures` and `categories` are for tables of the kind events")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """The names that the table must offer."""
        return (*self.measures, *self.categories, *self.columns)


class ParameterDeclaration(_Section):
    """A value that the query binds as `@name`."""

    type: ParameterType
    doc: str = Field(default="", description="What the value means, with its unit.")
    default: Any = Field(default=None, description="What holds if none is given; none: required.")
    one_of: tuple[str, ...] = Field(default=(), description="The values that a string may have.")

    @model_validator(mode="after")
    def _default_fits(self) -> Self:
        if self.one_of and self.type != "string":
            raise ValueError("`one_of` is for parameters of the type string")
        if self.default is not None:
            try:
                parse_value(self.default, self.type, timezone="UTC")
            except MethodError as error:
                raise ValueError(f"the default does not fit: {error}") from error
            if self.one_of and self.default not in self.one_of:
                raise ValueError(f"the default {self.default!r} is none of `one_of`")
        return self


def _table_shorthand(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Declaration(_Section):
    """A method's name, result, tables and parameters.

    Attributes:
        name: The method's name, the same as its file's; empty where a text has none.
        summary: What one row of the result says.
        returns: The result's columns, in order; empty: not said, and not checked. The name `*`
            stands for further columns that depend on the catalogue.
        tables: The relations that stand for any table of a kind, to be chosen when the method is
            used. Every other relation of the query is a logical name of the catalogue.
        parameters: The values that the query binds, by name.
        note: What its author wants its users to know.
    """

    name: str = ""
    summary: str = ""
    returns: dict[str, ResultDeclaration] = Field(default_factory=dict)
    tables: dict[str, Annotated[TableDeclaration, BeforeValidator(_table_shorthand)]] = Field(
        default_factory=dict
    )
    parameters: dict[str, ParameterDeclaration] = Field(default_factory=dict)
    note: str = ""
