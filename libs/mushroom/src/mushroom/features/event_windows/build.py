"""The query behind the `event_windows` method."""

from __future__ import annotations

import pyarrow as pa

from mushroom.catalog import Catalog, entity_id
from mushroom.features.event_windows.calendar import calendar
from mushroom.features.event_windows.check import check_event_windows
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.event_windows.seen import event_source, history
from mushroom.features.event_windows.steps import windows_tree
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_event_windows"]


def build_event_windows(
    options: EventWindowsOptions, *, catalog: Catalog, entities: pa.Table
) -> Query:
    """The query that describes entities by their events.

    An event counts for an entity row if its time (where the catalogue maps `available_at`, that
    one) is at or before `data_until`. It counts for a window of time if it is also after `as_of`
    minus the window's length, and for a window such as `last5` if its time is one of the last five
    distinct ones. Days are 24 hours; calendar days, weeks from Monday on, and hours of the day are
    those of the catalogue's time zone.

    Per window:

    - `count` of events, `active_days` (calendar days with one), `interval` (mean days between
      successive distinct times);
    - of each measure `sum` (0 without events), `mean`, `min`, `max`, `std` (sample, NULL below two
      values), and `known_share`: the share of events with a value;
    - of each category the number of `distinct` values, the `top` one (most events; among equals,
      the smallest string), `top_share` (its share of the events with a value) and `entropy` (of
      the values' shares, in nats).

    Over the widest window:

    - `recency` and `first_seen`, days from the last and the first event to `as_of`; `last_times`,
      the same of the second, third, … last distinct time;
    - `gaps` between successive distinct times, in whole seconds but told in days: mean, std, max,
      and the days since the last time in terms of the mean;
    - `regularity`: the share of weeks since the first event that have one, and std over mean of
      the gaps;
    - `streaks`: the longest run of successive calendar days, and weeks, with an event, and the
      present one, which reaches to the day (week) of `data_until` or the one before; else 0;
    - `hours` and `weekdays`: the shares of events by quarter of the day, and by weekday;
    - of each category the `first` and the `last` value (of several at once, the smallest string).

    Between a window and the next longer one of its kind, `trend`: of counts and sums the `ratio`,
    the share of the longer's total that falls into the shorter, and the `difference` of totals per
    day (windows of time alone; the whole history is as long as the time since the first event); of
    means the `change`, the shorter's less the longer's.

    A NaN or an infinite number is missing. The row's facts (`mushroom.features.facts`) speak of
    the events of the widest window.

    Sums and sums of squares are exact decimals of 38 digits: a measure's sum over one window has to
    stay below 10^(19 - scale), and is refused by the warehouse above.

    Cost: the events of the entities at hand are read once and joined to each of their rows; all
    counts and measures take one pass over the pairs, in memory that grows with the entity rows.
    `interval` and `active_days` take a pass more each, and group by time and by day; `gaps`,
    `regularity` and `last_times` together one more, in order of time; each category one more, by
    value; `streaks` two; `hours` and `weekdays` one. A window of a number of times sorts the pairs
    of each row by time.

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
    source = event_source(catalog, options.table, measures=measures, categories=categories)
    past = history(source, calendar=calendar(catalog, options.table, options.aggregates))
    return Query(
        tree=windows_tree(
            options, past=past, measures=measures, categories=categories, zone=catalog.timezone
        ),
        relations={"entities": LocalRows(rows=entities), "events": PhysicalTable(name=table.table)},
        by_entity={"events": entity_id(table)},
    )
