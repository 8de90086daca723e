"""The query behind the `event_windows` method."""

from __future__ import annotations

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.features.event_windows.categories import category_values
from mushroom.features.event_windows.check import check_event_windows
from mushroom.features.event_windows.columns import feature_columns
from mushroom.features.event_windows.names import ODD, ROW, category_source
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.event_windows.seen import described, history, seen
from mushroom.features.event_windows.totals import active_days, moments, totals
from mushroom.features.expressions import column, equal, is_known, named, number, or_zero
from mushroom.features.facts import KNOWN, NOT_FINITE
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_event_windows"]


def build_event_windows(
    options: EventWindowsOptions, *, catalog: Catalog, entities: pa.Table
) -> Query:
    """The query that describes entities by their events.

    An event counts for an entity row if its time (where the catalogue maps `available_at`, that
    one) is at or before `data_until`, and for a window if it is also after `as_of` minus the
    window's length. Days are 24 hours, but for `active_days`, which are calendar days in the
    catalogue's time zone. Per window: `count` of events; `active_days`; `interval`, the mean days
    between successive distinct times of events; of each measure `sum` (0 without events), `mean`,
    `min`, `max` and `std` (sample, NULL below two values); of each category the number of
    `distinct` values and the `top` one (most events; among equals, the smallest string). Over the
    widest window: `recency` and `first_seen`, days from the last and the first event to `as_of`.
    Between a window and the next longer one: `ratio`, the share of the longer's total that falls
    into the shorter, and `difference` of their totals per day (the whole history is as long as the
    time since the first event).

    A NaN or an infinite number is missing. The row's facts (`mushroom.features.facts`) speak of
    the events of the widest window.

    Sums and sums of squares are exact decimals of 38 digits: a measure's sum over one window has to
    stay below 10^(19 - scale), and is refused by the warehouse above.

    Args:
        options: What to compute.
        catalog: A checked catalogue that has the table.
        entities: Entity rows, unique in (entity_id, as_of).

    Returns:
        A query for one row per entity row, sorted by (entity_id, as_of), which are its first
        columns, before its facts and the features.

    Raises:
        FeatureError: If the catalogue lacks the table, a measure or a category, or the options ask
            for no column at all.
    """
    table = check_event_windows(options, catalog)
    measures = options.measures_of(table)
    categories = options.categories_of(table)
    windows = options.parsed_windows
    past = history(catalog, options.table, measures=measures, categories=categories)
    has_odd = ODD in past.named_selects
    columns = {
        KNOWN: is_known(column("youngest_us", "totals")),
        NOT_FINITE: or_zero(column(ODD, "totals")) if has_odd else number(0),
        **dict(feature_columns(options, measures=measures, categories=categories)),
    }
    aggregated = {
        "totals": totals(windows, measures, counts_odd=has_odd),
        "moments": moments(windows),
        "active": active_days(windows),
        **{
            category_source(position): category_values(windows, name)
            for position, name in enumerate(categories)
        },
    }
    used = {node.table for value in columns.values() for node in value.find_all(exp.Column)}
    aggregated = {name: step for name, step in aggregated.items() if name in used}
    per_event = (name for name in past.named_selects if name not in ("entity_id", "time_us"))
    steps = {
        "described": described(),
        "history": past,
        "seen": seen(widest=windows[-1], columns=tuple(per_event)),
        **aggregated,
    }
    tree = exp.select(
        column("entity_id", "described"),
        column("as_of", "described"),
        *(named(value, name) for name, value in columns.items()),
    ).from_("described")
    for name in aggregated:
        tree = tree.join(name, on=_same_row(name), join_type="left", copy=False)
    for name, step in steps.items():
        tree = tree.with_(name, as_=step, copy=False)
    return Query(
        tree=tree.order_by(column(ROW, "described"), copy=False),
        relations={"entities": LocalRows(rows=entities), "events": PhysicalTable(name=table.table)},
    )


def _same_row(source: str) -> exp.Expr:
    return equal(column(ROW, source), column(ROW, "described"))
