"""The steps of the query, from the events that each entity row may see to its features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from mushroom.features.event_windows.categories import category_steps
from mushroom.features.event_windows.columns import feature_columns
from mushroom.features.event_windows.names import ODD, ROW, category_source
from mushroom.features.event_windows.options import EventWindowsOptions
from mushroom.features.event_windows.seen import described, seen
from mushroom.features.event_windows.spacing import gaps, profile, runs
from mushroom.features.event_windows.totals import active_days, moments, totals
from mushroom.features.expressions import column, count, equal, is_known, named, number, or_zero
from mushroom.features.facts import KNOWN, NOT_FINITE

__all__ = ["windows_tree"]


def windows_tree(
    options: EventWindowsOptions,
    *,
    past: exp.Select,
    measures: Sequence[str],
    categories: Sequence[str],
    zone: str,
    reached: Mapping[str, exp.Select] | None = None,
) -> exp.Select:
    """The whole query.

    Args:
        options: What to compute.
        past: The events that may count, as `history` gives them.
        measures: Their measures.
        categories: Their categories.
        zone: The catalogue's time zone.
        reached: Steps between `described` and `history`, the last of which has rows like those of
            `described`, with the entity whose events count; None: it is the one described.

    Returns:
        A query for one row per entity row, in their order.
    """
    windows, wanted = options.parsed_windows, frozenset(options.aggregates)
    has_odd = ODD in past.named_selects
    columns = {
        KNOWN: is_known(column("youngest_us", "totals")),
        NOT_FINITE: or_zero(column(ODD, "totals")) if has_odd else number(0),
        **dict(feature_columns(options, measures=measures, categories=categories)),
    }
    links = dict(reached or {})
    rows = [*links][-1] if links else "described"
    if links:
        columns[KNOWN] = is_known(column("ids", "reach"))
    aggregated = {
        "reach": exp.select(column(ROW), named(count(None), "ids"))
        .from_(rows)
        .group_by(column(ROW)),
        "totals": totals(windows, measures, counts_odd=has_odd),
        "moments": moments(windows),
        "active": active_days(windows),
        "gaps": gaps(options.last_times if "last_times" in wanted else ()),
        "days": runs(weeks=False),
        "weeks": runs(weeks=True),
        "profile": profile(hours="hours" in wanted, weekdays="weekdays" in wanted),
    }
    values = {
        category_source(position): category_steps(position, windows, name, wanted)
        for position, name in enumerate(categories)
    }
    used = {node.table for value in columns.values() for node in value.find_all(exp.Column)}
    joined = [name for name in (*aggregated, *values) if name in used]
    needed: dict[str, exp.Select] = {}
    for name in joined:
        needed |= values.get(name) or {name: aggregated[name]}
    has_day = not used.isdisjoint({"days", "weeks"})
    steps = {
        "described": described(zone if has_day else None),
        **links,
        "history": past,
        "seen": seen(past, windows, rows=rows),
        **needed,
    }
    tree = exp.select(
        column("entity_id", "described"),
        column("as_of", "described"),
        *(named(value, name) for name, value in columns.items()),
    ).from_("described")
    for name in joined:
        tree = tree.join(name, on=_same_row(name), join_type="left", copy=False)
    for name, step in steps.items():
        tree = tree.with_(name, as_=step, copy=False)
    return tree.order_by(column(ROW, "described"), copy=False)


def _same_row(source: str) -> exp.Expr:
    return equal(column(ROW, source), column(ROW, "described"))
