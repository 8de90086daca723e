"""Event windows over synthetic events, by `mushroom` or by hand, each in a process of its own.

`python -m reference.windows make FOLDER EVENTS USERS`, `population FOLDER`, then `ours FOLDER` and
`hand FOLDER`, which print one line of JSON: seconds, peak memory, seconds of CPU, and sums by which
the answers are compared. `ours` needs a copy of `FOLDER/population` as `FOLDER/store`, and takes
the GiB that a query may hold before it spills, 1.5 by default.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
from gokart_store import run_task
from mushroom import Population, Source, feature_tasks, load_catalog

_AS_OF = "2025-01-01"
_THREADS, _SHARDS, _GIB = 2, 2, 1.5
_CATALOG = """\
tables:
  events:
    kind: events
    table: events
    entity: user_id
    time: happened_at
    measures: {amount: amount}
    categories: {item: item}
"""
_EVENTS = """
COPY (
  SELECT
    (power((hash(i) % 1000000007) / 1000000007, 1.5) * $users)::BIGINT AS user_id,
    make_timestamp((1672531200000000 + hash(i + 10000000019) % 63072000000000)::BIGINT)
      AS happened_at,
    (hash(i + 20000000033) % 100000) / 100 AS amount,
    'item ' || (hash(i + 30000000001) % 100) AS item
  FROM range($events) AS rows(i)
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
_DIGEST = (
    "SELECT count(*), sum({count}), sum({mean}), sum({std}), count(DISTINCT {top}) FROM {rows}"
)
_HAND = {"count": "n90", "mean": "mean90", "std": "std90", "top": "top30"}
_OURS = {
    "count": '"f.90d.count"',
    "mean": '"f.90d.amount.mean"',
    "std": '"f.90d.amount.std"',
    "top": '"f.30d.item.top"',
}


def make(folder: Path, *, events: int, users: int) -> None:
    """Write the events: their number, users and values follow from hashes of their place."""
    sql = _EVENTS.format(path=folder / "events.parquet")
    duckdb.connect(config={"threads": _THREADS}).execute(sql, {"events": events, "users": users})
    (folder / "catalog.yaml").write_text(_CATALOG, encoding="utf-8")


def population(folder: Path) -> None:
    """List everybody in the store `population`."""
    run_task(_population(folder, "population", _GIB)[0])


def ours(folder: Path, gib: float = _GIB) -> dict[str, Any]:
    """The task of the default aggregates, of a population that the store has."""
    everybody, source = _population(folder, "store", gib)
    feature = {"name": "f", "method": "event_windows", "table": "events"}
    (task,) = feature_tasks(everybody, [feature], source)
    started, cpu_s = time.perf_counter(), time.process_time()
    run_task(task)
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu_s
    dataset = task.result()
    paths = [str(dataset.shard_path(shard)) for shard in range(dataset.num_shards)]
    return _found(seconds, cpu_s, _OURS, f"read_parquet({paths})")


def _population(folder: Path, store: str, gib: float) -> tuple[Population, Source]:
    catalog = load_catalog(folder / "catalog.yaml")
    source = Source.of(
        f"duckdb:{folder}", root=folder, catalog=catalog, threads=_THREADS, query_memory_gib=gib
    )
    place = {"workspace_directory": str(folder / store)}
    everybody = Population(
        table="events", as_of=_AS_OF, shards=_SHARDS, **source.arguments(), **place
    )
    return everybody, source


def hand(folder: Path) -> dict[str, Any]:
    """The query written by hand, its answer stored as Parquet too."""
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    answer = folder / "hand.parquet"
    connection = duckdb.connect(config={"threads": _THREADS})
    values = {"as_of": _AS_OF, "events": str(folder / "events.parquet")}
    started, cpu_s = time.perf_counter(), time.process_time()
    connection.sql(text, params=values).write_parquet(str(answer), compression="zstd")
    seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu_s
    return _found(seconds, cpu_s, _HAND, f"'{answer}'")


def _found(seconds: float, cpu_s: float, names: dict[str, str], rows: str) -> dict[str, Any]:
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    (answer,) = duckdb.connect().execute(_DIGEST.format(**names, rows=rows)).fetchall()
    return {"seconds": seconds, "cpu_s": cpu_s, "peak_gib": peak_gib, "answer": answer}


if __name__ == "__main__":
    command, place = sys.argv[1], Path(sys.argv[2])
    match command:
        case "make":
            make(place, events=int(sys.argv[3]), users=int(sys.argv[4]))
        case "population":
            population(place)
        case "ours":
            print(json.dumps(ours(place, *map(float, sys.argv[3:]))))
        case _:
            print(json.dumps(hand(place)))
