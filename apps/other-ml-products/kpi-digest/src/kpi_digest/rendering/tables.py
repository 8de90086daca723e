"""The digest's tables: what each plot shows, in figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kpi_digest.digest import Digest, Week
from kpi_digest.findings import format_share

__all__ = ["ACTIVE", "ALL", "INTENSITY", "MOVES", "RETENTION", "Table", "table_of"]

Columns = dict[str, Callable[[Week], str]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of texts.

    Attributes:
        names: The columns; the first holds the week.
        rows: The latest week first.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _count(figure: Callable[[Week], int]) -> Callable[[Week], str]:
    return lambda week: f"{figure(week):,}"


def _per_user(week: Week) -> str:
    return "–" if week.events_per_user is None else f"{week.events_per_user:,.1f}"


ACTIVE: Columns = {"Active": _count(lambda week: week.active)}
MOVES: Columns = {
    "New": _count(lambda week: week.new),
    "Kept": _count(lambda week: week.kept),
    "Back": _count(lambda week: week.back),
    "Lapsed": _count(lambda week: week.lapsed),
}
RETENTION: Columns = {"Active again": lambda week: format_share(week.retention)}
INTENSITY: Columns = {"Events": _count(lambda week: week.events), "Per user": _per_user}
ALL: Columns = ACTIVE | MOVES | RETENTION | INTENSITY


def table_of(digest: Digest, columns: Columns) -> Table:
    """The columns of all weeks."""
    return Table(
        names=("Week", *columns),
        rows=tuple(
            (week.name, *(show(week) for show in columns.values()))
            for week in reversed(digest.weeks)
        ),
    )
