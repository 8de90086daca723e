"""How long the tables of a catalogue reach back: the one thing that `auto` asks of the data."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import Catalog, Events, event_rows
from mushroom.features.expressions import column, micros, named
from mushroom.query import Query
from mushroom.warehouse import Warehouse

__all__ = ["event_spans"]


def event_spans(catalog: Catalog, warehouse: Warehouse, *, threads: int = 1) -> dict[str, int]:
    """The seconds between the first and the last event of each events table, by its logical name.

    Args:
        catalog: A catalogue that was checked against the warehouse.
        warehouse: Where its tables lie; one query for each table reads its column of times.
        threads: Threads of each query.

    Returns:
        Zero for a table without events.
    """
    spans = {}
    for name, table in sorted(catalog.tables.items()):
        if isinstance(table, Events):
            time = micros(column("event_time"))
            tree = exp.select(
                named(exp.Min(this=time), "first_us"), named(exp.Max(this=time.copy()), "last_us")
            ).from_(event_rows(catalog, name).subquery("events"))
            query = Query(tree=tree, relations={name: catalog.relation(name)})
            [found] = warehouse.run(query, threads=threads).to_pylist()
            spans[name] = ((found["last_us"] or 0) - (found["first_us"] or 0)) // 1_000_000
    return spans
