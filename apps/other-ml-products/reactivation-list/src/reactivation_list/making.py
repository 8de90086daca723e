"""The course of a list: ask, learn, judge, rank; each step is done once, and then stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from gokart_store import StoredTask, open_store, run_task
from mushroom import CatalogError, Download, Source, end_of_day, load_catalog, parse_instant
from yule_models import check_params, resolve_scheme

from reactivation_list.errors import RequestError
from reactivation_list.graph import TARGET, build_graph
from reactivation_list.lapsed_tasks import lapsed_tasks
from reactivation_list.orders import OrderFigures, judge_orders
from reactivation_list.request import Request, cutoffs
from reactivation_list.validation import Validation, validation_of

__all__ = ["Reactivation", "make_list"]

_MOST_FOLDS = 3
_DAY_S = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Reactivation:
    """A list, and what it is worth.

    Attributes:
        request: What was asked for.
        table: The catalogue's name of the events.
        as_of: The time of the list.
        past: The times that it learned from.
        past_rows: How many customers had lapsed at them, all together.
        past_returned: How many of those came back.
        customers: The list; see `reactivation_list.ranking.ranked`.
        validation: How the chances held.
        orders: What each order of the list would have been worth at past times.
        computed: How many tasks were computed; the others were stored already.
        tasks: How many tasks there are.
    """

    request: Request
    table: str
    as_of: datetime
    past: tuple[datetime, ...]
    past_rows: int
    past_returned: int
    customers: pa.Table
    validation: Validation
    orders: tuple[OrderFigures, ...]
    computed: int
    tasks: int


def make_list(
    catalog: Path,
    *,
    warehouse: str,
    request: Request,
    table: str | None = None,
    as_of: str | None = None,
    store: str = ".reactivation-list",
    root: Path | None = None,
    on_task: Callable[[str], None] = lambda _: None,
) -> Reactivation:
    """Make a list of the customers who have lapsed.

    Args:
        catalog: The catalogue's file.
        warehouse: The warehouse's URL.
        request: What is asked for.
        table: The catalogue's name of the events; None: the only ones.
        as_of: The time of the list, an ISO date or time; None: the end of the data's last day.
        store: Where results are kept: a folder, or `gs://BUCKET/PREFIX`.
        root: The folder that relative paths of the warehouse start from; None: this one.
        on_task: Called with the name of each task before it is computed.

    Raises:
        RequestError: What is asked for is wrong, or the data are too short.
        MushroomError: The catalogue or the warehouse is wrong.
        YuleModelsError: The model is unknown, or the past has nothing to learn from.
        GokartStoreError: The store cannot be used.
    """
    check_params(request.model, {})
    known = load_catalog(catalog)
    try:
        name = known.events_name(table)
    except CatalogError as error:
        raise RequestError(f"--table: {error}") from error
    cache = open_store(store).side_folder("side/warehouse")
    source = Source.of(warehouse, root=root or Path.cwd(), catalog=known, cache=cache)
    span = Download(
        method="event_span",
        tables={"events": name},
        workspace_directory=store,
        **source.arguments(),
    )
    computed = _run([span], on_task)
    (reach,) = span.result().table().to_pylist()
    moment = list_moment(reach, as_of, timezone=known.timezone, table=name)
    past = cutoffs(request, as_of=moment, first_event=reach["first_event"])
    lapsed = lapsed_tasks(request, source, table=name, as_of=moment, past=past, store=store)
    computed += _run(lapsed.tasks, on_task)
    labels = lapsed.past.result().table()
    wanted = {
        "kind": "forward",
        "folds": _MOST_FOLDS,
        "horizon_s": request.horizon_days * _DAY_S,
    }
    scheme = resolve_scheme(wanted, labels.select(["entity_id", "as_of", TARGET]))
    graph = build_graph(request, source, lapsed, table=name, scheme=scheme)
    computed += _run(graph.tasks, on_task)
    judged = graph.ensemble.result()
    metrics = judged.json("metrics.json")["targets"][TARGET]
    return Reactivation(
        request=request,
        table=name,
        as_of=moment,
        past=tuple(past),
        past_rows=len(labels),
        past_returned=sum(labels[TARGET].to_pylist()),
        customers=graph.ranked.result(),
        validation=validation_of(metrics, kind=request.model),
        orders=judge_orders(
            judged.table("oof.parquet"),
            graph.past_features.result().table(),
            labels,
            lapsed_after_days=request.lapsed_after_days,
        ),
        computed=computed,
        tasks=len(graph.tasks) + 1,
    )


def list_moment(
    reach: dict[str, Any], wanted: str | None, *, timezone: str, table: str
) -> datetime:
    """The time of the list: what was asked for, or the end of the day of the last event.

    Raises:
        RequestError: There are no events, or the data end before it: who bought since then would
            count as lapsed.
    """
    if reach["first_event"] is None:
        raise RequestError(f"The table {table!r} holds no events, so that nobody has lapsed.")
    end = end_of_day(reach["last_event"], timezone=timezone)
    moment = end if wanted is None else parse_instant(wanted, timezone=timezone)
    if moment > end:
        raise RequestError(
            f"--as-of {wanted} lies after the data, which reach to {reach['last_event'].date()}: "
            f"whoever came since then would count as lapsed. Take {end.date()} or earlier."
        )
    return moment


def _run(tasks: Iterable[StoredTask[Any]], on_task: Callable[[str], None]) -> int:
    """Run what is not stored yet, in order; return how many that were."""
    computed = 0
    for task in tasks:
        if not task.complete():
            on_task(type(task).__name__)
            computed += run_task(task) is not None
    return computed
