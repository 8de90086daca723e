"""The figures of some weeks, as values; everything that a digest says follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi_digest.weeks import DAYS, week_name

__all__ = ["Digest", "Week", "weeks_of"]

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Week:
    """The figures of one week.

    Attributes:
        monday: Its first day.
        active: Users with an event in it: the new and the returning.
        new: Those that had no event in any week before.
        returning: Those that had one.
        lapsed: Users active in the week before and not in this.
        events: How many events there were.
        active_before: Users active in the week before; None in the data's first week.
    """

    monday: date
    active: int
    new: int
    returning: int
    lapsed: int
    events: int
    active_before: int | None

    @property
    def name(self) -> str:
        """The ISO name, such as `2011-W48`."""
        return week_name(self.monday)

    @property
    def kept(self) -> int:
        """Those active in the week before, and again."""
        return 0 if self.active_before is None else self.active_before - self.lapsed

    @property
    def back(self) -> int:
        """Those active before, but not in the week before."""
        return self.returning - self.kept

    @property
    def retention(self) -> float | None:
        """Which share of the week before was active again; None where nobody was."""
        return self.kept / self.active_before if self.active_before else None

    @property
    def events_per_user(self) -> float | None:
        """Events of an active user, on average; None where nobody was active."""
        return self.events / self.active if self.active else None


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What a digest tells.

    Attributes:
        title: What it is about.
        table: The catalogue's name of the events.
        timezone: In which weeks begin.
        weeks: Ascending, without gaps, at least one; the last is what the digest is about.
        first_event: When the data begin.
        last_event: How far they reach.
        snapshot: The identity of the table's content.
    """

    title: str
    table: str
    timezone: str
    weeks: tuple[Week, ...]
    first_event: datetime
    last_event: datetime
    snapshot: str

    @property
    def last(self) -> Week:
        """The week that the digest is about."""
        return self.weeks[-1]


def weeks_of(
    mondays: Sequence[date], lifecycle: Sequence[Row], activity: Sequence[Row], *, begins: date
) -> tuple[Week, ...]:
    """The weeks' figures; a week without a row had nobody.

    Args:
        mondays: The weeks wanted.
        lifecycle: Rows of mushroom's `user_lifecycle`, also of the week before the first.
        activity: Rows of its `active_users`.
        begins: The Monday of the data's first week, before which nothing is known.
    """
    moves = {row["period"]: row for row in lifecycle}
    events = {row["period"]: row["events"] for row in activity}

    def told(monday: date, name: str) -> int:
        return int(moves[monday][name]) if monday in moves else 0

    def week(monday: date) -> Week:
        before = monday - timedelta(days=DAYS)
        return Week(
            monday=monday,
            active=told(monday, "active_users"),
            new=told(monday, "new_users"),
            returning=told(monday, "returning_users"),
            lapsed=told(monday, "lapsed_users"),
            events=int(events.get(monday, 0)),
            active_before=told(before, "active_users") if before >= begins else None,
        )

    return tuple(week(monday) for monday in mondays)
