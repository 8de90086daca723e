"""What a download method says about itself, in the YAML that its file begins with."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from mushroom.errors import MethodError
from mushroom.methods.values import ParameterType, ResultType, parse_value
from mushroom.query import Value

__all__ = [
    "ANY_COLUMNS",
    "Declaration",
    "ParameterDeclaration",
    "ResultDeclaration",
    "TableDeclaration",
]

ANY_COLUMNS = "*"
"""In `returns`: further columns, which depend on the catalogue."""

_NUMBERS = ("int64", "float64", "numeric")


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
    at_least: int | float | None = Field(default=None, description="The smallest number to take.")
    at_most: int | float | None = Field(default=None, description="The largest number to take.")

    def parse(self, value: Any, *, timezone: str) -> Value:
        """A JSON value as the query binds it.

        Raises:
            MethodError: It has another type, or is none of the values that may be.
        """
        if self.one_of and value not in self.one_of:
            raise MethodError(f"expected one of {', '.join(self.one_of)}, got {value!r}")
        parsed = parse_value(value, self.type, timezone=timezone)
        if isinstance(parsed, int | float | Decimal):
            # Written so that no NaN passes.
            if self.at_least is not None and not parsed >= self.at_least:
                raise MethodError(f"expected a number of at least {self.at_least}, got {value!r}")
            if self.at_most is not None and not parsed <= self.at_most:
                raise MethodError(f"expected a number of at most {self.at_most}, got {value!r}")
        return parsed

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.one_of and self.type != "string":
            raise ValueError("`one_of` is for parameters of the type string")
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if bounds and self.type not in _NUMBERS:
            raise ValueError(
                f"`at_least` and `at_most` are for parameters of the types {', '.join(_NUMBERS)}"
            )
        if sorted(bounds) != bounds:
            raise ValueError(f"`at_least` is {bounds[0]}, more than `at_most`, {bounds[1]}")
        if self.default is not None:
            try:
                self.parse(self.default, timezone="UTC")
            except MethodError as error:
                raise ValueError(f"the default does not fit: {error}") from error
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
