"""The vocabulary of categories: their most frequent values until a time."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.features.event_windows.names import category
from mushroom.features.expressions import column, count, is_known, named, number, rank
from mushroom.features.learned.method import Fitting, State
from mushroom.features.learned.past import fit_query, past_events
from mushroom.features.top_categories.check import check_top_categories
from mushroom.features.top_categories.options import TopCategoriesOptions
from mushroom.googlesql import parse_query
from mushroom.query import Query

__all__ = ["FREQUENT", "frequent_values", "gather_frequent", "learn_vocabulary"]

FREQUENT = pa.schema(
    {"category": pa.string(), "place": pa.int64(), "value": pa.string(), "events": pa.int64()}
)
"""By category its values, the most frequent in the first place."""

_NOTHING = "SELECT '' AS category, 0 AS place, '' AS value, 0 AS events LIMIT 0"


def gather_frequent(options: TopCategoriesOptions, *, catalog: Catalog, fitting: Fitting) -> Query:
    """The query for the most frequent values of each category; among equals, the smallest string.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_top_categories(options, catalog)
    return frequent_values(
        options.table,
        options.categories_of(table),
        values=options.values,
        catalog=catalog,
        fitting=fitting,
    )


def frequent_values(
    table: str, categories: Sequence[str], *, values: int, catalog: Catalog, fitting: Fitting
) -> Query:
    """The query for the most frequent values of some categories of an events table, or of none."""
    if not categories:
        return Query(tree=parse_query(_NOTHING))
    past = past_events(catalog, table, categories=categories, fitting=fitting)
    counted: exp.Query = _counted(categories[0])
    for name in categories[1:]:
        counted = exp.union(counted, _counted(name), distinct=False)
    most = [exp.Ordered(this=column("events"), desc=True), exp.Ordered(this=column("value"))]
    place = rank(by=[column("category")], order=most)
    ranked = exp.select(exp.Star(), named(place, "place")).from_(counted.subquery("counted"))
    tree = (
        exp.select(*(column(name) for name in FREQUENT.names))
        .from_(ranked.subquery("ranked"))
        .where(exp.LTE(this=column("place"), expression=number(values)))
        .order_by(column("category"), column("place"))
        .with_("past", as_=past)
    )
    return fit_query(tree, relation="events", table=catalog.events(table).table, fitting=fitting)


def learn_vocabulary(options: object, answer: pa.Table) -> State:
    """The values as they were found."""
    del options
    return {"vocabulary": answer}


def _counted(name: str) -> exp.Select:
    value = column(category(name))
    return (
        exp.select(
            named(exp.Literal.string(name), "category"),
            named(value, "value"),
            named(count(None), "events"),
        )
        .from_("past")
        .where(is_known(value.copy()))
        .group_by(value.copy())
    )
