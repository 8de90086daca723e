"""A million rows by 200 columns, 5 folds of GBDT: the most memory that any process takes."""

from __future__ import annotations

import os
from collections import defaultdict

from gokart_store.memory import peak_memory_gib
from harness import Result, say
from harness.factories import installed_factory
from yule_runner import Event, GraphSource, LocalExecutor, TaskFinished, run_graph

_ROWS = int(os.environ.get("YULE_BENCH_ROWS", "1000000"))
_WIDTH, _FOLDS, _ROUNDS = 200, 5, 20
_MOST_GIB = 8.0


def measure() -> Result:
    """Run the folds one after another; each worker tells its peak (VmHWM) for each task."""
    cores = len(os.sched_getaffinity(0))
    with installed_factory("wide", "reference.wide_table:build") as folder:
        arguments = {
            "store": str(folder / "store"),
            "rows": _ROWS,
            "width": _WIDTH,
            "folds": _FOLDS,
            "rounds": _ROUNDS,
            "threads": cores,
        }

        def listen(event: Event) -> None:
            if isinstance(event, TaskFinished):
                record = event.record
                say(f"{record.name.rpartition('.')[2]}: {record.seconds:.1f} s, "
                    f"{record.peak_memory_gib or 0:.2f} GiB.")  # fmt: skip

        with LocalExecutor(
            workers=cores, cpu=cores, memory_gib=64, logs=folder / "logs"
        ) as executor:
            computed = run_graph(
                GraphSource(factory="wide", arguments=arguments),
                executor=executor,
                orders=folder / "orders",
                on_event=listen,
            ).computed
    peaks: defaultdict[str, float] = defaultdict(float)
    seconds: defaultdict[str, float] = defaultdict(float)
    for record in computed:
        name = record.name.rpartition(".")[2]
        assert record.peak_memory_gib is not None, "This system does not tell peaks of memory."
        peaks[name] = max(peaks[name], record.peak_memory_gib)
        seconds[name] += record.seconds
    peak = max(*peaks.values(), peak_memory_gib() or 0.0)
    return Result(
        ours=peak,
        # Of the features alone, as the feature table stores them: 8 bytes each.
        reference=_ROWS * _WIDTH * 8 / 2**30,
        unit="GiB (reference: the features themselves)",
        goal=f"below {_MOST_GIB} GiB",
        is_met=peak < _MOST_GIB and _ROWS >= 1_000_000,
        details={"rows": _ROWS, "peak_gib": dict(peaks), "seconds": dict(seconds)},
    )
