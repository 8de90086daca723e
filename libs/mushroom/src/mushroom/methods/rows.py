"""The rows of a table as a method reads them: under the names that it speaks."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import Attributes, Catalog, Events, attribute_rows, event_rows
from mushroom.methods.tables import TableChoice, offered

__all__ = ["method_rows"]


def method_rows(
    catalog: Catalog, choice: TableChoice, *, reader: exp.Query, relation: str
) -> exp.Select:
    """A SELECT of the table's rows with those columns that the reader names: no other matters.

    Args:
        catalog: A catalogue that was checked against a warehouse.
        choice: The table, and what it calls the columns.
        reader: The method's query.
        relation: The name by which the SELECT reads the table.
    """
    entry = catalog.table(choice.table)
    named = _named_columns(reader)
    everything = any(select.is_star for select in reader.find_all(exp.Select))
    known = {**dict(choice.columns), **{n: n for n in offered(entry) if n not in choice.columns}}
    own = {name: its for name, its in known.items() if everything or name in named}
    rows, keys = _standard_rows(catalog, choice.table, entry, sorted(set(own.values())))
    for node in rows.find_all(exp.Table):
        node.set("this", exp.to_identifier(relation, quoted=True))
    values = {value.alias: value.this for value in rows.expressions[keys:]}
    renamed = [exp.alias_(values[its].copy(), name, quoted=True) for name, its in own.items()]
    return rows.select(*rows.expressions[:keys], *renamed, append=False)


def _standard_rows(
    catalog: Catalog, table: str, entry: Events | Attributes, names: list[str]
) -> tuple[exp.Select, int]:
    """The rows with some of the table's values, and how many keys stand before these."""
    if isinstance(entry, Attributes):
        keys = 1 if entry.valid_from is None else 2
        return attribute_rows(catalog, table, columns=names), keys
    measures = [name for name in names if name in entry.measures]
    categories = [name for name in names if name in entry.categories]
    return event_rows(catalog, table, measures=measures, categories=categories), 2


def _named_columns(reader: exp.Query) -> set[str]:
    joins = (join.args.get("using") or () for join in reader.find_all(exp.Join))
    return {
        *(column.name for column in reader.find_all(exp.Column)),
        *(identifier.name for using in joins for identifier in using),
    }
