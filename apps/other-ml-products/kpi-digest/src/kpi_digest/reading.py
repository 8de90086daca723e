"""From a catalogue and a warehouse to a digest; each question is asked once, and then stored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gokart_store import open_store, run_task
from mushroom import CatalogError, Download, Source, load_catalog

from kpi_digest.digest import Digest, weeks_of
from kpi_digest.errors import DigestError
from kpi_digest.weeks import DAYS, chosen_weeks, monday_of

__all__ = ["read_digest"]

Row = dict[str, Any]


def read_digest(
    catalog: Path,
    *,
    warehouse: str,
    table: str | None = None,
    weeks: int = 12,
    last: str | None = None,
    title: str | None = None,
    store: str = ".kpi-digest",
    root: Path | None = None,
) -> Digest:
    """Read the figures of the last complete weeks.

    Args:
        catalog: The catalogue's file.
        warehouse: The warehouse's URL.
        table: The catalogue's name of the events; None: the only ones.
        weeks: How many weeks, at least 1.
        last: The last of them, such as `2011-W48`; None: the last complete one.
        title: What the digest is called; None: after the table.
        store: Where answers are kept: a folder, or `gs://BUCKET/PREFIX`.
        root: The folder that relative paths of the warehouse start from; None: this one.

    Raises:
        DigestError: What is asked for is wrong, or the data hold no complete week.
        MushroomError: The catalogue or the warehouse is wrong.
        GokartStoreError: The store cannot be used.
    """
    if weeks < 1:
        raise DigestError(f"A digest shows 1 week or more, got {weeks}.")
    known = load_catalog(catalog)
    try:
        name = known.events_name(table)
    except CatalogError as error:
        raise DigestError(f"--table: {error}") from error
    cache = open_store(store).side_folder("side/warehouse")
    source = Source.of(warehouse, root=root or Path.cwd(), catalog=known, cache=cache)

    def rows(**question: Any) -> list[Row]:
        return _answer(source, store, tables={"events": name}, **question)

    (span,) = rows(method="event_span")
    if span["first_event"] is None:
        raise DigestError(f"The table {name!r} holds no events, so that there is nothing to tell.")
    mondays = chosen_weeks(
        span["first_event"], span["last_event"], timezone=known.timezone, weeks=weeks, last=last
    )
    times = {
        "since": (mondays[0] - timedelta(days=DAYS)).isoformat(),
        "until": (mondays[-1] + timedelta(days=DAYS)).isoformat(),
        "period": "week",
    }
    begins = monday_of(span["first_event"].astimezone(ZoneInfo(known.timezone)).date())
    return Digest(
        title=title or f"Users of {name}",
        table=name,
        timezone=known.timezone,
        weeks=weeks_of(
            mondays,
            rows(method="user_lifecycle", parameters=times),
            rows(method="active_users", parameters=times),
            begins=begins,
        ),
        first_event=span["first_event"],
        last_event=span["last_event"],
        snapshot=source.snapshot[known.tables[name].table],
    )


def _answer(source: Source, store: str, **question: Any) -> list[Row]:
    task = Download(workspace_directory=store, **question, **source.arguments())
    if not task.complete():
        run_task(task)
    rows: list[Row] = task.result().table().to_pylist()
    return rows
