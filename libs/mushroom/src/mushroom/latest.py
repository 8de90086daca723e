"""How far the data reaches."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlglot import exp

from mushroom.catalog import Catalog, Events, event_rows
from mushroom.errors import EntityError
from mushroom.query import Query
from mushroom.warehouse import Warehouse

__all__ = ["latest_event"]


def latest_event(catalog: Catalog, warehouse: Warehouse, *, threads: int = 1) -> datetime:
    """The time, in UTC, of the latest event of all the catalogue's events tables.

    Args:
        catalog: A catalogue that was checked against the warehouse.
        warehouse: Where its tables lie.
        threads: Threads of each query.

    Raises:
        EntityError: There is no event.
    """
    latest = exp.alias_(exp.Max(this=exp.column("event_time")), "latest")
    found = []
    for name, table in catalog.tables.items():
        if isinstance(table, Events):
            tree = exp.select(latest.copy()).from_(event_rows(catalog, name).subquery("events"))
            query = Query(tree=tree, relations={name: catalog.relation(name)})
            found.append(warehouse.run(query, threads=threads)["latest"][0].as_py())
    times = [time for time in found if time is not None]
    if not times:
        raise EntityError("The catalogue's tables hold no event, so that none is the latest.")
    newest: datetime = max(times).astimezone(UTC)
    return newest
