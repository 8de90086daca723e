"""The tables of a dataset: their names, columns and states, and the SELECT that reads each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from mushroom.errors import QueryError, WarehouseError
from mushroom.googlesql import parse_query
from mushroom.names import suggest
from mushroom.warehouse.bigquery.address import Address, TableName
from mushroom.warehouse.bigquery.compile import table_rows
from mushroom.warehouse.bigquery.connection import Connection
from mushroom.warehouse.bigquery.refusals import refusals
from mushroom.warehouse.bigquery.state import State
from mushroom.warehouse.bigquery.types import field_type

if TYPE_CHECKING:
    from google.cloud.bigquery import Table

__all__ = ["TEMPORARY", "Tables", "dataset_location"]

TEMPORARY = "mushroom_temporary_"
"""How the names of tables begin that are there for one query."""


class Tables:
    """Metadata, each asked for once: a fresh object sees fresh metadata."""

    def __init__(self, address: Address, connection: Connection) -> None:
        self._address = address
        self._connection = connection
        self._get = cache(self._fetch)

    def names(self) -> tuple[str, ...]:
        """The names of the dataset's tables and views, sorted."""
        return self._names(self._address.project, self._address.dataset)

    def columns(self, name: str) -> dict[str, str]:
        """The columns of a table with their GoogleSQL types."""
        return {field.name: field_type(field) for field in self._find(name).schema}

    def has(self, name: str) -> bool:
        """Whether a table is there."""
        full = self._address.table(name)
        return full.table in self._names(full.project, full.dataset)

    def columns_to_write(self, name: str) -> dict[str, str]:
        """The columns of a table that rows can be written into.

        Raises:
            WarehouseError: It is a view, or something else that holds no rows of its own.
        """
        kind = self._find(name).table_type
        if kind != "TABLE":
            raise WarehouseError(f"{name!r} is a {kind.lower()}, into which no rows are written.")
        return self.columns(name)

    def identity(self, name: str) -> str:
        """The identity of a table's present content: declared, or told by its metadata."""
        if name in self._address.declared:
            self._find(name)
            return f"declared@{self._address.declared[name]}"
        return str(self._state(self._address.table(name)))

    def rows(self, name: str, *, moment: datetime | None = None) -> exp.Query:
        """The SELECT of a table's rows as of a moment; a view becomes that of its base tables.

        A table with a declared snapshot is read as it is: what cannot tell its state has no past.
        """
        if name in self._address.declared:
            return table_rows(self._address.table(name))
        return self._rows(self._address.table(name), lambda base: table_rows(base, moment=moment))

    def definition(self, name: str, base: Callable[[TableName], exp.Query]) -> exp.Query | None:
        """The SELECT that a view stands for, over base tables read so; None of a base table."""
        full = self._address.table(name)
        return self._rows(full, base) if self._get(full).table_type == "VIEW" else None

    def bases(self, name: str) -> set[TableName]:
        """The base tables of a table: itself, or those of the view that it is."""
        return self._bases(self._address.table(name))

    def _bases(self, name: TableName) -> set[TableName]:
        table = self._get(name)
        if table.table_type != "VIEW":
            return {name}
        below = (self._bases(_full_name(node, name)) for node in _bases(_definition(table)))
        return set().union(*below)

    def _rows(self, name: TableName, base: Callable[[TableName], exp.Query]) -> exp.Query:
        table = self._get(name)
        if table.table_type != "VIEW":
            return base(name)
        tree = _definition(table)
        for node in _bases(tree):
            alias = node.args.get("alias") or exp.TableAlias(
                this=exp.to_identifier(node.name, quoted=True)
            )
            replacement = exp.Subquery(this=self._rows(_full_name(node, name), base), alias=alias)
            for part in ("joins", "pivots"):
                if node.args.get(part):
                    replacement.set(part, node.args[part])
            node.replace(replacement)
        return tree

    def _state(self, name: TableName) -> State:
        table = self._get(name)
        if table.table_type != "VIEW":
            return State.of_table(table)
        tree = _definition(table)
        bases = sorted({str(_full_name(node, name)) for node in _bases(tree)})
        states = [self._state(self._address.table(base)) for base in bases]
        return State.of_view(tree.sql(dialect="bigquery"), states)

    def _find(self, name: str) -> Table:
        return self._get(self._address.table(name))

    def _fetch(self, name: TableName) -> Table:
        from google.api_core.exceptions import NotFound

        with refusals(f"Looking up the table {name}"):
            try:
                return self._connection.client.get_table(str(name), **self._connection.calling)
            except NotFound as error:
                known = self._names(name.project, name.dataset)
                raise WarehouseError(
                    f"{name.project}.{name.dataset} has no table {name.table!r}; "
                    f"{suggest(name.table, known)}"
                ) from error

    def _names(self, project: str, dataset: str) -> tuple[str, ...]:
        from google.api_core.exceptions import NotFound

        client, calling = self._connection.client, self._connection.calling
        with refusals(f"Listing the tables of {project}.{dataset}"):
            try:
                found = client.list_tables(f"{project}.{dataset}", **calling)
                names = [item.table_id for item in found]
            except NotFound as error:
                raise _no_dataset(self._connection, project, dataset) from error
        return tuple(sorted(name for name in names if not name.startswith(TEMPORARY)))


def dataset_location(connection: Connection, project: str, dataset: str) -> str:
    """Where a dataset lies, such as `EU`.

    Raises:
        WarehouseError: There is no such dataset, or it may not be seen.
    """
    from google.api_core.exceptions import NotFound

    name = f"{project}.{dataset}"
    with refusals(f"Looking up the dataset {name}"):
        try:
            return str(connection.client.get_dataset(name, **connection.calling).location)
        except NotFound as error:
            raise _no_dataset(connection, project, dataset) from error


def _no_dataset(connection: Connection, project: str, dataset: str) -> WarehouseError:
    found = connection.client.list_datasets(project, **connection.calling)
    known = [item.dataset_id for item in found]
    return WarehouseError(
        f"The project {project} has no dataset {dataset!r}; {suggest(dataset, known)}"
    )


def _definition(view: Table) -> exp.Query:
    if not view.view_query or view.view_use_legacy_sql:
        raise WarehouseError(
            f"The view {view.table_id} is not defined in GoogleSQL that can be read; declare a "
            f"snapshot of it in the warehouse's URL: snapshot.{view.table_id}=2026-11-24."
        )
    try:
        return parse_query(view.view_query)
    except QueryError as error:
        raise WarehouseError(
            f"What the view {view.table_id} reads cannot be told from its definition: {error} "
            f"Declare a snapshot of it in the warehouse's URL: snapshot.{view.table_id}=2026-11-24."
        ) from error


def _bases(tree: exp.Query) -> list[exp.Table]:
    return [
        node
        for scope in traverse_scope(tree)
        for node in scope.tables
        if isinstance(scope.sources.get(node.alias_or_name), exp.Table)
    ]


def _full_name(node: exp.Table, view: TableName) -> TableName:
    """A table that a view names, in the view's own project where it names none."""
    return TableName(project=node.catalog or view.project, dataset=node.db, table=node.name)
