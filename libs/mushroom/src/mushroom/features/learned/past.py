"""What a fit may learn from: the events up to `fit_until`, of some entities or of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlglot import exp

from mushroom.catalog import Catalog, event_rows
from mushroom.features.event_windows.names import category, measure
from mushroom.features.expressions import column
from mushroom.features.learned.method import Fitting
from mushroom.googlesql import base_tables
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["fit_query", "is_fitted", "past_events", "until"]


def past_events(
    catalog: Catalog,
    table: str,
    *,
    measures: Sequence[str] = (),
    categories: Sequence[str] = (),
    fitting: Fitting,
) -> exp.Select:
    """``entity_id``, ``event_time``, and the measures and categories, of what may be learned from.

    An event counts if its time (where the catalogue maps `available_at`, that one) is at or before
    `fit_until`.
    """
    rows = event_rows(catalog, table, measures=measures, categories=categories)
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("events"))
    names = ("entity_id", "event_time", *map(measure, measures), *map(category, categories))
    pairs = zip(rows.expressions, names, strict=True)
    rows.set("expressions", [exp.alias_(v.unalias(), name, quoted=True) for v, name in pairs])
    known = exp.LTE(this=column("event_time"), expression=until())
    past = exp.select(*(column(name) for name in names)).from_(rows.subquery("event")).where(known)
    return past if fitting.among is None else past.where(is_fitted())


def until() -> exp.Parameter:
    """The time up to which is learned, as the query's parameter."""
    return exp.Parameter(this=exp.var("fit_until"))


def is_fitted() -> exp.In:
    """Whether a row is of an entity that is fitted on."""
    known = exp.select(column("entity_id")).from_("fitted")
    return exp.In(this=column("entity_id"), query=exp.Subquery(this=known))


def fit_query(
    tree: exp.Query,
    *,
    relation: str,
    table: str,
    fitting: Fitting,
    parameters: Mapping[str, int] | None = None,
) -> Query:
    """The tree with what it reads.

    Args:
        tree: The query's tree.
        relation: What the tree calls the table.
        table: The table, as the warehouse names it.
        fitting: What may be learned from.
        parameters: Further parameters of the tree.
    """
    relations: dict[str, PhysicalTable | LocalRows] = {relation: PhysicalTable(name=table)}
    if fitting.among is not None:
        relations["fitted"] = LocalRows(rows=fitting.among)
    bound: dict[str, int | datetime] = dict(parameters or {})
    if any(node.name == "fit_until" for node in tree.find_all(exp.Parameter)):
        bound["fit_until"] = fitting.until
    return Query(tree=tree, parameters=bound, relations=relations)
