"""The catalogue's shape, as a person writes it and as a run records it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    model_validator,
)

from mushroom.catalog.known_at import NamedKnownAt
from mushroom.errors import CatalogError, QueryError
from mushroom.googlesql import parse_expression
from mushroom.instants import zone_fault
from mushroom.names import check_text, suggest
from mushroom.query import PhysicalTable

__all__ = ["Attributes", "Catalog", "Column", "Events", "Measure", "Reference", "Table"]


def _check_expression(text: str) -> str:
    try:
        parse_expression(text)
    except QueryError as error:
        raise ValueError(str(error)) from error
    return text


def _check_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError(
            "a name of the catalogue has letters of English, digits and _, and begins with no "
            "digit; say what the warehouse calls it by `table` or `column`"
        )
    return name


def _check_timezone(name: str) -> str:
    if fault := zone_fault(name):
        raise ValueError(f"unknown {fault}")
    return name


def _column_shorthand(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _named_columns(value: object) -> object:
    return {name: name for name in value} if isinstance(value, list) else value


Sql = Annotated[str, AfterValidator(_check_expression)]
Name = Annotated[str, AfterValidator(_check_name)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Section):
    """A value of a row: one of the table's columns, or a GoogleSQL expression over them.

    Attributes:
        known_at: When the value is known, if not with its row: a column of the table, `{after: 7d}`
            or `{after: outcome}`.
    """

    column: str | None = None
    expression: Sql | None = None
    known_at: NamedKnownAt | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.column is None) == (self.expression is None):
            raise ValueError("give either `column` or `expression`")
        return self


class Measure(Column):
    """A number that can be summed exactly.

    Attributes:
        scale: Decimal places that are kept. Each value is rounded to them, half away from zero,
            before any sum, so that sums do not depend on the order of the rows.
    """

    scale: int = Field(default=2, ge=0, le=9)


NamedColumn = Annotated[Column, BeforeValidator(_column_shorthand)]
NamedMeasure = Annotated[Measure, BeforeValidator(_column_shorthand)]


class Reference(_Section):
    """A column that holds the id of another table's entity: a foreign key.

    Attributes:
        column: The column, of the type that the other table's entity has.
        table: The catalogue's name of the other table.
    """

    column: str
    table: str


class _Table(_Section):
    table: str = Field(description="The table, as the warehouse names it.")
    entity: str = Field(description="The column that holds the entity's id.")
    where: Sql | None = Field(default=None, description="Rows to keep: a GoogleSQL condition.")
    types: dict[str, str] = Field(
        default_factory=dict,
        description="The columns' GoogleSQL types; left out by people, filled in by a run.",
    )


class Events(_Table):
    """A table with one row for each thing that happened."""

    kind: Literal["events"]
    time: str = Field(description="The column that says when it happened.")
    available_at: str | None = Field(
        default=None,
        description="The column that says when the row could first be read; it replaces `time`.",
    )
    measures: dict[Name, NamedMeasure] = Field(default_factory=dict)
    categories: dict[Name, NamedColumn] = Field(default_factory=dict)
    references: dict[Name, Reference] = Field(
        default_factory=dict,
        description="Columns with the ids of other tables' entities, by what they are to an event.",
    )

    @model_validator(mode="after")
    def _names_are_free(self) -> Self:
        taken = {"entity_id", "event_time"}
        for section in (self.measures, self.categories):
            if clash := sorted(taken & set(section)):
                raise ValueError(
                    f"the name {clash[0]!r} is taken; measures and categories share their names, "
                    "and entity_id and event_time are reserved"
                )
            taken |= set(section)
        return self


class Attributes(_Table):
    """A table with what is known of an entity: one row each, or one for each version."""

    kind: Literal["attributes"]
    columns: Annotated[dict[Name, NamedColumn], BeforeValidator(_named_columns)] = Field(
        min_length=1
    )
    immutable: bool = Field(
        default=False, description="True: the values never change, so they hold at any time."
    )
    valid_from: str | None = Field(
        default=None, description="The column that says from when on a row's values were known."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.immutable and self.valid_from is not None:
            raise ValueError("`immutable: true` and `valid_from` exclude each other")
        return self

    @model_validator(mode="after")
    def _later_than_a_time(self) -> Self:
        for name, column in self.columns.items():
            known = column.known_at
            if known is not None and not known.is_after_outcome and self.valid_from is None:
                raise ValueError(
                    f"`known_at` of {name!r} is later than a row's `valid_from`, which this table "
                    "lacks; give the table `valid_from`, or say `known_at: {after: outcome}`"
                )
        return self

    @property
    def is_historic(self) -> bool:
        """Whether the values at a past time can be told."""
        return self.immutable or self.valid_from is not None


Table = Annotated[Events | Attributes, Field(discriminator="kind")]


class Catalog(_Section):
    """All tables of a company that methods may speak of.

    Attributes:
        timezone: How dates and times without a zone are read.
        tables: The tables by logical name.
        methods: A folder of a team's own download methods, relative to the catalogue's file.
        method_texts: The texts of these methods by name; left out by people, filled in when the
            file is read, so that whoever gets the catalogue needs no folder.
    """

    timezone: Annotated[str, AfterValidator(_check_timezone)] = "UTC"
    tables: dict[Name, Table] = Field(min_length=1)
    methods: str | None = None
    method_texts: dict[str, str] = Field(default_factory=dict)
    _file: Path | None = PrivateAttr(default=None)

    def read_from(self, file: Path) -> Self:
        """The same catalogue, whose later errors name the lines of its file."""
        copy = self.model_copy()
        copy._file = file
        return copy

    @property
    def file(self) -> Path | None:
        """The file that it was read from; None where there is none."""
        return self._file

    def table(self, name: str) -> Events | Attributes:
        """The table of that logical name.

        Raises:
            CatalogError: There is none.
        """
        check_text(name, what="The name of a catalogue's table", error=CatalogError)
        if name not in self.tables:
            raise CatalogError(f"The catalogue has no table {name!r}; {suggest(name, self.tables)}")
        return self.tables[name]

    def events(self, name: str) -> Events:
        """The events table of that logical name.

        Raises:
            CatalogError: There is none, or it is of the other kind.
        """
        table = self.table(name)
        if not isinstance(table, Events):
            raise _wrong_kind(name, table, "events")
        return table

    def events_name(self, wanted: str | None = None) -> str:
        """The logical name of an events table: the one that is wanted, or the only one there is.

        Raises:
            CatalogError: There is none of that name, or several to choose from.
        """
        names = sorted(name for name, table in self.tables.items() if isinstance(table, Events))
        if wanted is None and len(names) == 1:
            return names[0]
        if wanted in names:
            return str(wanted)
        there_are = f"the catalogue's are {', '.join(names)}" if names else "the catalogue has none"
        if wanted is None:
            raise CatalogError(f"Name an events table: {there_are}.")
        raise CatalogError(f"There is no events table {wanted!r}: {there_are}.")

    def attributes(self, name: str) -> Attributes:
        """The attributes table of that logical name.

        Raises:
            CatalogError: There is none, or it is of the other kind.
        """
        table = self.table(name)
        if not isinstance(table, Attributes):
            raise _wrong_kind(name, table, "attributes")
        return table

    def relation(self, name: str) -> PhysicalTable:
        """What a logical name stands for in a query's relations.

        Raises:
            CatalogError: There is no such table.
        """
        return PhysicalTable(name=self.table(name).table)

    def as_json(self) -> dict[str, Any]:
        """The catalogue as JSON values; `Catalog.model_validate` reads them back."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _wrong_kind(name: str, table: Events | Attributes, wanted: str) -> CatalogError:
    return CatalogError(
        f"The table {name!r} is of the kind {table.kind}; a table of {wanted} is needed here."
    )
