"""The facts of entity rows: how many events they see, and how many hold an odd number."""

from __future__ import annotations

from sqlglot import exp

from mushroom.features.event_windows.names import ODD, ROW
from mushroom.features.expressions import column, count, named, number

__all__ = ["facts_of", "has_odd"]


def has_odd(history: exp.Select) -> bool:
    """Whether the events tell if one of their numbers is not finite."""
    return ODD in history.named_selects


def facts_of(*, counts_odd: bool) -> exp.Select:
    """One row per entity row that sees events: how many ``events``, and how many of them odd."""
    odd = count(column(ODD)) if counts_odd else number(0)
    return (
        exp.select(column(ROW), named(count(None), "events"), named(odd, "odd"))
        .from_("seen")
        .group_by(column(ROW))
    )
