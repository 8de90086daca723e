"""The query behind the `related` method."""

from __future__ import annotations

import pyarrow as pa

from mushroom.catalog import Attributes, Catalog, entity_id
from mushroom.features.event_windows.calendar import calendar
from mushroom.features.event_windows.seen import event_source, history
from mushroom.features.event_windows.steps import windows_tree
from mushroom.features.related.attributes import as_events, events_with_attributes
from mushroom.features.related.check import check_related, referred
from mushroom.features.related.keys import reached
from mushroom.features.related.options import RelatedOptions
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_related"]


def build_related(options: RelatedOptions, *, catalog: Catalog, entities: pa.Table) -> Query:
    """The query that describes entities by what their events refer to.

    Where the reference leads to **attributes**, the entity's own events are described, by what was
    known of what each was about when it could be known of (the latest version since then or
    before): the mean price of what somebody bought. Columns with numbers are measures, rounded to
    four decimals; those with texts are categories.

    Where it leads to **events**, the entity is followed to the id that it referred to at its last
    event until `data_until` (`reach: last`; of several at once, the smallest), or to all that it
    referred to until then (`reach: all`), and the events of these ids are described: how the
    constructor of a driver fares. They count until the same `data_until`.

    The windows, aggregates and trends are those of `event_windows`. The fact of being known speaks
    of the entity's own events.

    Cost: for attributes, `event_windows`, after a join of the events of the entities at hand with
    the versions of what they refer to. For events, `event_windows` over as many pairs of entity
    rows and events as the ids that they reach have: with `all`, an id that everybody refers to
    makes as many pairs as there are entity rows, times its events.

    Args:
        options: What to compute.
        catalog: A checked catalogue that has the tables.
        entities: Entity rows, unique in (entity_id, as_of).

    Returns:
        A query for one row per entity row, sorted by (entity_id, as_of), which are its first
        columns, before its facts and the features.

    Raises:
        FeatureError: If the options do not fit the catalogue.
    """
    table = check_related(options, catalog)
    target = referred(options, catalog)
    name = table.references[options.reference].table
    found = as_events(target, options) if isinstance(target, Attributes) else target
    names = {
        "measures": options.measures_of(found),
        "categories": options.categories_of(found),
    }
    if isinstance(target, Attributes):
        source = events_with_attributes(options, catalog, **names)
        steps, rows, timed = {}, "described", options.table
    else:
        source = event_source(catalog, name, **names)
        steps = reached(options, catalog)
        rows, timed = "reached", name
    past = history(source, calendar=calendar(catalog, timed, options.aggregates), rows=rows)
    tree = windows_tree(options, past=past, **names, zone=catalog.timezone, reached=steps)
    return Query(
        tree=tree,
        relations={
            "entities": LocalRows(rows=entities),
            "links": PhysicalTable(name=table.table),
            "attributes" if isinstance(target, Attributes) else "events": PhysicalTable(
                name=target.table
            ),
        },
        by_entity={"links": entity_id(table)},
    )
