"""The tasks that find who had lapsed, now and in the past, and who of the past came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gokart_store import StoredTask
from mushroom import Download, Source

from reactivation_list.request import Request
from reactivation_list.tasks import LapsedCustomers

__all__ = ["Lapsed", "lapsed_tasks"]


@dataclass(frozen=True, kw_only=True)
class Lapsed:
    """The tasks, by mushroom's methods for labels.

    Attributes:
        past: Who had lapsed at past times, and what became of them.
        now: Who has lapsed at the time of the list.
        tasks: These, after those that they need.
    """

    past: LapsedCustomers
    now: LapsedCustomers
    tasks: tuple[StoredTask[Any], ...]


def lapsed_tasks(
    request: Request,
    source: Source,
    *,
    table: str,
    as_of: datetime,
    past: Sequence[datetime],
    store: str,
) -> Lapsed:
    """Compose them.

    Args:
        request: What is asked for.
        source: The data.
        table: The catalogue's name of the events.
        as_of: The time of the list.
        past: The times to learn from, ascending.
        store: Where results are kept.
    """
    lapse = request.lapsed_after_days
    place = {"workspace_directory": store}

    def label(
        method: str, times: Sequence[datetime], names: Sequence[str], **days: int
    ) -> Download:
        parameters = {"as_of": [time.isoformat() for time in times], **days}
        return Download(
            method=method,
            tables=dict.fromkeys(names, table),
            parameters={**parameters, "known_until": as_of.isoformat()},
            **source.arguments(),
            **place,
        )

    def stopped(times: Sequence[datetime]) -> Download:
        # In UTC, where a day is 24 hours, as in the methods.
        silence_begins = [time.astimezone(UTC) - timedelta(days=lapse) for time in times]
        days = {"horizon_days": lapse, "active_days": request.memory_days}
        return label("label_stopped", silence_begins, ["events"], **days)

    stopped_past, stopped_now = stopped(past), stopped([as_of])
    days = {"horizon_days": request.horizon_days, "active_days": request.memory_days + lapse}
    returned = label("label_event", past, ["population", "events"], **days)
    then = LapsedCustomers(
        stopped=stopped_past, returned=[returned], lapsed_after_days=lapse, **place
    )
    now = LapsedCustomers(stopped=stopped_now, lapsed_after_days=lapse, **place)
    return Lapsed(past=then, now=now, tasks=(stopped_past, returned, then, stopped_now, now))
