"""From entity rows to the ids that they referred to."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import Catalog, event_rows
from mushroom.features.event_windows.names import ROW
from mushroom.features.expressions import column, equal, is_known, micros, named, number, rank
from mushroom.features.related.options import RelatedOptions
from mushroom.googlesql import base_tables

__all__ = ["reached"]

_ENTITY_ROW = (ROW, "as_of_us", "until_us")


def reached(options: RelatedOptions, catalog: Catalog) -> dict[str, exp.Select]:
    """The steps from `described` to `reached`: the same rows, of the ids they referred to."""
    rows = event_rows(catalog, options.table, references=[options.reference])
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("links"))
    known = exp.select(column("entity_id", "described")).from_("described")
    link = (
        exp.select(
            column("entity_id"),
            named(micros(column("event_time")), "time_us"),
            named(column(options.reference), "id"),
        )
        .from_(rows.subquery("event"))
        .where(
            exp.In(this=column("entity_id"), query=exp.Subquery(this=known)),
            is_known(column(options.reference)),
        )
    )
    same = equal(column("entity_id", "link"), column("entity_id", "described"))
    until = exp.LTE(this=column("time_us", "link"), expression=column("until_us", "described"))
    pairs = (
        exp.select(
            *(column(name, "described") for name in _ENTITY_ROW),
            named(column("id", "link"), "entity_id"),
        )
        .from_("described")
        .join("link", on=exp.and_(same, until))
    )
    if options.reach == "all":
        return {"link": link, "reached": pairs.distinct()}
    latest = [
        exp.Ordered(this=column("time_us", "link"), desc=True),
        exp.Ordered(this=column("id", "link")),
    ]
    place = rank(by=[column(ROW, "described")], order=latest)
    placed = pairs.select(named(place, "place"))
    last = (
        exp.select(*map(column, (*_ENTITY_ROW, "entity_id")))
        .from_(placed.subquery("placed"))
        .where(equal(column("place"), number(1)))
    )
    return {"link": link, "reached": last}
