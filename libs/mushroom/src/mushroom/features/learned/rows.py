"""Entity rows as they leave a query: keys, facts and columns, one row each and in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from mushroom.catalog import Catalog
from mushroom.features.event_windows.names import ODD, ROW
from mushroom.features.event_windows.seen import described, event_source, history, seen
from mushroom.features.expressions import (
    column,
    count,
    equal,
    is_known,
    named,
    number,
    or_zero,
)
from mushroom.features.facts import KNOWN, NOT_FINITE
from mushroom.features.windows import Window

__all__ = ["event_steps", "one_row_each"]


def event_steps(
    catalog: Catalog,
    table: str,
    *,
    measures: Sequence[str],
    categories: Sequence[str],
    windows: Sequence[Window],
) -> dict[str, exp.Select]:
    """The steps of a query up to what each entity row may see of a table's events.

    Returns:
        ``described``, ``history``, ``seen`` and ``facts``: one row per entity row that sees events
        of the widest window, how many ``events``, and how many of them odd.
    """
    source = event_source(catalog, table, measures=measures, categories=categories)
    past = history(source, calendar={})
    return {
        "described": described(),
        "history": past,
        "seen": seen(past, windows),
        "facts": _facts(counts_odd=ODD in past.named_selects),
    }


def _facts(*, counts_odd: bool) -> exp.Select:
    odd = count(column(ODD)) if counts_odd else number(0)
    return (
        exp.select(column(ROW), named(count(None), "events"), named(odd, "odd"))
        .from_("seen")
        .group_by(column(ROW))
    )


def one_row_each(
    steps: Mapping[str, exp.Select], columns: Mapping[str, exp.Expr], *, joined: Sequence[str]
) -> exp.Select:
    """The query for one row per entity row: its keys, its facts, and columns of joined steps.

    Args:
        steps: The steps of the query; `described` and `facts` are among them.
        columns: Name and value of each column.
        joined: The steps that columns are taken from; they may lack an entity row.
    """
    values = {
        KNOWN: is_known(column("events", "facts")),
        NOT_FINITE: or_zero(column("odd", "facts")),
        **columns,
    }
    tree = exp.select(
        column("entity_id", "described"),
        column("as_of", "described"),
        *(named(value, name) for name, value in values.items()),
    ).from_("described")
    for source in ("facts", *joined):
        same = equal(column(ROW, source), column(ROW, "described"))
        tree = tree.join(source, on=same, join_type="left", copy=False)
    for name, step in steps.items():
        tree = tree.with_(name, as_=step, copy=False)
    return tree.order_by(column(ROW, "described"), copy=False)
