"""ISO weeks, by their Mondays."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from mushroom import end_of_day

from kpi_digest.errors import DigestError

__all__ = ["DAYS", "chosen_weeks", "monday_of", "parse_week", "week_name"]

DAYS = 7
_FORM = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


def week_name(monday: date) -> str:
    """The ISO 8601 name of the week that begins on a Monday.

    >>> week_name(date(2024, 12, 30))
    '2025-W01'
    """
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02d}"


def parse_week(text: str) -> date:
    """The Monday of a week such as `2011-W48`.

    Raises:
        DigestError: It has another form, or its year has no such week.
    """
    found = _FORM.fullmatch(text)
    try:
        if found is None:
            raise ValueError("it has another form")
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise DigestError(
            f"{text!r} is no ISO week; write the year and the week, such as 2011-W48."
        ) from error


def monday_of(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def chosen_weeks(
    first_event: datetime, last_event: datetime, *, timezone: str, weeks: int, last: str | None
) -> list[date]:
    """The Mondays of the weeks to show, ascending.

    A day that the data reach into counts as whole, and a week whose Sunday they reach as complete:
    in one that is cut short, whoever was not active yet would count as lapsed.

    Args:
        first_event: When the data begin; weeks before are left out.
        last_event: How far they reach.
        timezone: In which days begin, an IANA name.
        weeks: How many, at least 1; fewer where the data do not reach back so far.
        last: The last of them, such as `2011-W48`; None: the last complete one.

    Raises:
        DigestError: No week is complete, or `last` is not, or lies before the data.
    """
    begins = monday_of(first_event.astimezone(ZoneInfo(timezone)).date())
    complete = monday_of(end_of_day(last_event, timezone=timezone).date()) - timedelta(days=DAYS)
    reach = f"the data reach from {_day(first_event, timezone)} to {_day(last_event, timezone)}"
    if complete < begins:
        raise DigestError(f"No week is complete yet: {reach}. Wait until Monday.")
    end = complete if last is None else parse_week(last)
    if not begins <= end <= complete:
        raise DigestError(
            f"The week {week_name(end)} cannot be told: {reach}. Choose one from "
            f"{week_name(begins)} to {week_name(complete)}, the last complete one."
        )
    start = max(begins, end - timedelta(days=DAYS * (weeks - 1)))
    return [start + timedelta(days=DAYS * i) for i in range((end - start).days // DAYS + 1)]


def _day(moment: datetime, timezone: str) -> str:
    return moment.astimezone(ZoneInfo(timezone)).date().isoformat()
