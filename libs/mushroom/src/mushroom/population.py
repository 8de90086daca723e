"""The query for the entities that were known by a time."""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from mushroom.catalog import Attributes, Catalog, attribute_rows, event_rows
from mushroom.query import Query
from mushroom.sharding import SHARDS, by_shard

__all__ = ["population_query"]


def population_query(catalog: Catalog, table: str, *, data_until: datetime, shards: int) -> Query:
    """The distinct entities of a table by a time, with their shards, sorted by (shard, entity_id).

    Args:
        catalog: A catalogue that was checked against a warehouse.
        table: The logical name of a table of either kind; entities of an attributes table without
            versions count at any time.
        data_until: Events available, or versions valid, by then count.
        shards: How many shards.

    Raises:
        CatalogError: There is no such table.
    """
    entry = catalog.table(table)
    if isinstance(entry, Attributes):
        rows = attribute_rows(catalog, table, columns=())
        time = "valid_from" if entry.valid_from is not None else None
    else:
        rows, time = event_rows(catalog, table), "event_time"
    known = exp.select("entity_id").distinct().from_(rows.subquery("candidates"))
    parameters: dict[str, int | datetime] = {SHARDS: shards}
    if time is not None:
        until = exp.Parameter(this=exp.var("data_until"))
        known = known.where(exp.LTE(this=exp.column(time), expression=until))
        parameters["data_until"] = data_until
    return Query(
        tree=by_shard(known), parameters=parameters, relations={table: catalog.relation(table)}
    )
