"""The query for the last events of entities, a row for each."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog, entity_id
from mushroom.features.event_sequences.check import check_event_sequences
from mushroom.features.event_sequences.names import code
from mushroom.features.event_sequences.options import EventSequencesOptions
from mushroom.features.event_windows.names import AGE, PLACE, ROW, category, measure
from mushroom.features.expressions import as_float, column, equal, is_known, named, number, rank
from mushroom.features.learned.method import State
from mushroom.features.learned.rows import event_steps, one_row_each
from mushroom.features.windows import parse_window
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_event_sequences"]


def build_event_sequences(
    options: EventSequencesOptions, *, catalog: Catalog, entities: pa.Table, state: State
) -> Query:
    """The query for the last events that each entity row may see, oldest first.

    Of events at one time, those with the smaller categories and then measures count as later. An
    entity row without events has one row of NULLs.

    Args:
        options: What to tell of each event.
        catalog: A checked catalogue that has the table.
        entities: Entity rows, unique in (entity_id, as_of).
        state: The vocabulary.

    Returns:
        A query whose rows `as_lists` puts together.

    Raises:
        FeatureError: If the catalogue lacks what the options name.
    """
    table = check_event_sequences(options, catalog)
    measures, categories = options.measures_of(table), options.categories_of(table)
    steps = event_steps(
        catalog,
        options.table,
        measures=measures,
        categories=categories,
        windows=[parse_window("all")],
    )
    steps |= {
        "recent": _recent([*map(category, categories), *map(measure, measures)], options.length),
    }
    columns = {
        PLACE: column(PLACE, "recent"),
        AGE: column(AGE, "recent"),
        **{code(name): _code(name, position) for position, name in enumerate(categories)},
        **{measure(name): as_float(column(measure(name), "recent")) for name in measures},
    }
    tree = one_row_each(steps, columns, joined=["recent"])
    relations: dict[str, PhysicalTable | LocalRows] = {
        "entities": LocalRows(rows=entities),
        "events": PhysicalTable(name=table.table),
    }
    for position, name in enumerate(categories):
        tree = tree.join(_vocabulary(position), on=_same_value(name, position), join_type="left")
        relations["vocabulary"] = LocalRows(rows=state["vocabulary"])
    tree = tree.order_by(exp.Ordered(this=column(PLACE, "recent"), desc=True))
    return Query(tree=tree, relations=relations, by_entity={"events": entity_id(table)})


def _recent(values: Sequence[str], length: int) -> exp.Select:
    """The last events of each entity row; the last one has place 1."""
    ties = [exp.Ordered(this=column(name), nulls_first=False) for name in values]
    place = rank(by=[column(ROW)], order=[exp.Ordered(this=column(AGE)), *ties])
    ranked = exp.select(exp.Star(), named(place, PLACE)).from_("seen")
    return (
        exp.select(exp.Star())
        .from_(ranked.subquery("ranked"))
        .where(exp.LTE(this=column(PLACE), expression=number(length)))
    )


def _vocabulary(position: int) -> exp.Expr:
    return exp.alias_(exp.to_table("vocabulary"), f"vocabulary_{position}", table=True)


def _same_value(name: str, position: int) -> exp.Expr:
    source = f"vocabulary_{position}"
    return exp.and_(
        equal(column("category", source), exp.Literal.string(name)),
        equal(column("value", source), column(category(name), "recent")),
    )


def _code(name: str, position: int) -> exp.Expr:
    """0 for an event without a value, 1 for a value without a place, else its place and 1."""
    place = column("place", f"vocabulary_{position}")
    unknown = exp.If(
        this=is_known(column(category(name), "recent")), true=number(1), false=number(0)
    )
    return exp.Coalesce(this=exp.Add(this=place, expression=number(1)), expressions=[unknown])
