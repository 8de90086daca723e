"""When the data of a catalogue ends."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlglot import exp

from mushroom.catalog import Catalog, Events, event_rows
from mushroom.errors import EntityError
from mushroom.query import Query
from mushroom.warehouse import Warehouse

__all__ = ["latest_event"]


def latest_event(catalog: Catalog, warehouse: Warehouse, *, threads: int = 1) -> datetime:
    """The time of the last event in any events table of a catalogue, in UTC.

    Args:
        catalog: a catalogue that was checked against the warehouse.
        warehouse: where its tables lie.
        threads: threads of one query.

    Raises:
        EntityError: there is no event.
    """
    times: list[datetime] = []
    for name, table in catalog.tables.items():
        if isinstance(table, Events):
            events = event_rows(catalog, name).subquery("events")
            tree = exp.select(exp.alias_(exp.Max(this=exp.column("event_time")), "latest"))
            query = Query(tree=tree.from_(events), relations={name: catalog.relation(name)})
            times += [
                time for time in warehouse.run(query, threads=threads)["latest"].to_pylist() if time
            ]
    if not times:
        raise EntityError("The catalogue's tables hold no event; name a time instead of `latest`.")
    return max(times).astimezone(UTC)
