"""Times as instants: what a date, or a time without a zone, means."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
import pyarrow.compute as pc

from mushroom.errors import EntityError
from mushroom.names import check_text

__all__ = ["INSTANT", "instants", "parse_instant", "zone_fault", "zone_named"]

INSTANT = pa.timestamp("us", tz="UTC")


def parse_instant(text: str, *, timezone: str) -> datetime:
    """An ISO 8601 date or time in UTC.

    A date means 00:00 in the time zone; a time without a zone is read in it, as by `instants`.

    Raises:
        EntityError: The text is neither or no text, lies beyond the calendar in UTC, or there is no
            such time zone.

    >>> parse_instant("2011-07-01", timezone="Europe/London").isoformat()
    '2011-06-30T23:00:00+00:00'
    """
    check_text(text, what="A time", error=EntityError)
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise EntityError(
            f"{text!r} is not a date or time; write 2011-12-10 or 2011-12-10T00:00:00Z."
        ) from error
    column = None
    zone_named(timezone)
    if value.tzinfo is None:
        column = instants(pa.chunked_array([[value]]), timezone=timezone, what=repr(text))
    try:
        moment: datetime = value if column is None else column[0].as_py()
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise EntityError(
            f"{text!r} lies outside the years 1 to 9999 in UTC; write a time within them."
        ) from error


def zone_fault(name: str) -> str | None:
    """What a sentence says of an unknown time zone, without its full stop; None: it is known."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "write an IANA name such as Europe/London"
        return f"time zone {name!r}; {hint}"
    return None


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        EntityError: There is none.
    """
    check_text(name, what="A time zone", error=EntityError)
    if fault := zone_fault(name):
        raise EntityError(f"Unknown {fault}" if fault.endswith("?") else f"Unknown {fault}.")
    return ZoneInfo(name)


def instants(values: pa.ChunkedArray, *, timezone: str, what: str) -> pa.ChunkedArray:
    """A column of dates or times as `timestamp[us, tz=UTC]`.

    A date means 00:00 in the time zone, and a time without a zone is read in it. Of a time that
    the clocks show twice, the earlier is meant; one that they skip means the moment of the skip.

    Args:
        values: Dates or timestamps.
        timezone: An IANA time zone.
        what: How an error calls the column.

    Raises:
        EntityError: The column holds something else.
    """
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("us"))
    elif not pa.types.is_timestamp(values.type):
        raise EntityError(f"{what} must hold dates or times, got {values.type}{_example(values)}.")
    if values.type.tz is None:
        values = pc.assume_timezone(
            values.cast(pa.timestamp("us"), safe=False),
            timezone,
            ambiguous="earliest",
            nonexistent="latest",
        )
    return values.cast(INSTANT, safe=False)


def _example(values: pa.ChunkedArray) -> str:
    """A text that is no time: in a column of CSV, the one that made texts of all the others."""
    if not pa.types.is_string(values.type):
        return ""
    odd = (text for text in pc.unique(values).to_pylist() if text and not _is_time(text))
    text = next(odd, None)
    return "" if text is None else f", such as {text!r}"


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
