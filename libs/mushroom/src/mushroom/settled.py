"""Whether the outcomes that labels speak of can be known yet."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from mushroom.errors import EntityError
from mushroom.instants import zone_named

__all__ = ["check_settled", "end_of_day"]


def end_of_day(moment: datetime, *, timezone: str) -> datetime:
    """The midnight that ends a moment's day: data that reach into a day count for all of it.

    Raises:
        EntityError: There is no such time zone.

    >>> from datetime import UTC
    >>> end_of_day(datetime(2024, 8, 27, 23, 50, tzinfo=UTC), timezone="UTC").isoformat()
    '2024-08-28T00:00:00+00:00'
    """
    zone = zone_named(timezone)
    tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


def check_settled(labels: pa.Table, *, horizon_s: int, known_until: datetime) -> None:
    """Refuse labels that look further ahead than anybody knows.

    What has not happened yet looks just like what did not happen, and teaches a model the wrong
    thing.

    Args:
        labels: Labelled rows with `entity_id` and `as_of`.
        horizon_s: How far after its `as_of` a label looks, in seconds.
        known_until: Until when outcomes are known; messages tell times in its time zone.

    Raises:
        EntityError: Some rows' horizon ends later.
    """
    latest = known_until - timedelta(seconds=horizon_s)
    early = labels.filter(pc.greater(labels["as_of"], pa.scalar(latest, labels["as_of"].type)))
    if not len(early):
        return
    row = early.slice(0, 1).to_pylist()[0]
    as_of = row["as_of"].astimezone(known_until.tzinfo)
    ends = as_of + timedelta(seconds=horizon_s)
    raise EntityError(
        f"The labels of {len(early)} of {len(labels)} rows look further ahead than the data reach "
        f"({_shown(known_until)}), such as entity {row['entity_id']!r} as of {_shown(as_of)}, "
        f"whose horizon ends {_shown(ends)}. Leave out the rows as of later than {_shown(latest)}, "
        "or shorten the horizon."
    )


def _shown(moment: datetime) -> str:
    """The moment, without a time of day where it is midnight."""
    return moment.isoformat() if moment.time() != time() else moment.date().isoformat()
