"""From a catalogue to features, as somebody might have listed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from mushroom.catalog import Attributes, Catalog, Events, known_with_row
from mushroom.features.auto.about import tables_about
from mushroom.features.auto.levels import LEVELS, RELATED_LEVELS, Level
from mushroom.features.auto.sequences import choose_sequence
from mushroom.features.auto.windows import choose_windows
from mushroom.features.event_windows.calendar import has_hours
from mushroom.features.event_windows.columns import feature_columns
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.related.attributes import as_events
from mushroom.features.related.options import RelatedOptions

__all__ = ["MAX_COLUMNS", "choose_features"]

MAX_COLUMNS = 300
"""The most columns of one feature; a reference may bring a third of them."""


def choose_features(
    catalog: Catalog,
    *,
    entity: str | None,
    horizon_s: int,
    spans: Mapping[str, int],
    sequences: bool = False,
) -> list[dict[str, Any]]:
    """Features of everything that the catalogue knows of an entity.

    Each events table makes an `event_windows`: all its measures and categories, over windows that
    follow from how far the labels look ahead and the data back, over the last few times of events,
    and the habits that its times can show. Each attributes table whose past can be told makes an
    `entity_attributes`, and each reference a `related`. A feature has at most `MAX_COLUMNS`
    columns, from a reference a third of that: what would have more is asked for less, and in the
    end for its first measures and categories by name. Where a model reads sequences, each events
    table makes an `event_sequences` too.

    A table that another one refers to, or whose column of ids another one describes its entities
    by, is about other entities, and makes no feature of its own, unless its entity stands in the
    column `entity`.

    Args:
        catalog: A checked catalogue.
        entity: The column with the id of the entities to describe; None: not known.
        horizon_s: How far the labels look ahead, in seconds.
        spans: What `event_spans` found.
        sequences: Whether a model reads sequences; for others they would be made in vain.

    Returns:
        Entries for `feature_tasks`, by the names of tables and references: a pure function of the
        arguments.
    """
    features: dict[str, dict[str, Any]] = {}
    about = set(tables_about(catalog, entity))
    for name, table in sorted(catalog.tables.items()):
        if name not in about:
            continue
        if isinstance(table, Attributes):
            if table.is_historic and known_with_row(table.columns):
                features[name] = {"method": "entity_attributes", "table": name}
            continue
        own = _own(name, table, catalog, horizon_s=horizon_s, span_s=spans[name])
        if own is not None:
            features[name] = own
    for name in sorted(about):
        table = catalog.tables[name]
        for reference in sorted(table.references) if isinstance(table, Events) else ():
            found = _related(name, reference, catalog, horizon_s=horizon_s, spans=spans)
            if found is not None:
                features[_free(f"{name}_{reference}", features)] = found
    for name in sorted(about):
        table = catalog.tables[name]
        if sequences and isinstance(table, Events):
            features[_free(f"{name}_in_order", features)] = choose_sequence(name, table)
    return [{"name": name, **entry} for name, entry in features.items()]


def _own(
    name: str, table: Events, catalog: Catalog, *, horizon_s: int, span_s: int
) -> dict[str, Any] | None:
    without = frozenset() if has_hours(catalog, name) else frozenset({"hours"})
    entry = {"method": "event_windows", "table": name}
    for level in LEVELS:
        chosen = _options(level, table, horizon_s=horizon_s, span_s=span_s, without=without)
        options = EventWindowsOptions.model_validate({"table": name, **chosen})
        if _has_at_most(MAX_COLUMNS, options, table):
            return {**entry, **chosen}
    return None


def _related(
    name: str, reference: str, catalog: Catalog, *, horizon_s: int, spans: Mapping[str, int]
) -> dict[str, Any] | None:
    """None where the past of the other table cannot be told, or it holds nothing to describe."""
    where = {"table": name, "reference": reference}
    target = catalog.events(name).references[reference].table
    found = catalog.table(target)
    if isinstance(found, Attributes):
        if not found.is_historic:
            return None
        span_s = spans[name]
        found = as_events(found, RelatedOptions.model_validate(where))
    else:
        span_s = spans[target]
    for level in RELATED_LEVELS:
        chosen = _options(level, found, horizon_s=horizon_s, span_s=span_s)
        options = RelatedOptions.model_validate({**where, **chosen})
        if options.makes_columns(found) and _has_at_most(MAX_COLUMNS // 3, options, found):
            return {"method": "related", **where, **chosen}
    return None


def _options(
    level: Level,
    table: Events,
    *,
    horizon_s: int,
    span_s: int,
    without: Iterable[str] = (),
) -> dict[str, Any]:
    windows = choose_windows(horizon_s=horizon_s, span_s=span_s, times=level.times)
    chosen: dict[str, Any] = {
        "windows": [*windows, *level.last],
        "aggregates": [name for name in level.aggregates if name not in without],
        "trend": [*level.trend],
    }
    if level.names is not None:
        chosen["measures"] = list(known_with_row(table.measures)[: level.names])
        chosen["categories"] = list(known_with_row(table.categories)[: level.names])
    return chosen


def _has_at_most(most: int, options: EventWindowsOptions, table: Events) -> bool:
    names = {"measures": options.measures_of(table), "categories": options.categories_of(table)}
    # A wide table has tens of thousands: their expressions are not made to be counted.
    return sum(1 for _ in islice(feature_columns(options, **names), most + 1)) <= most


def _free(name: str, taken: Iterable[str]) -> str:
    while name in taken:
        name += "_"
    return name
