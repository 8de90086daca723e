"""Event windows over 20 million events of a million users, on two threads, against SQL by hand."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from harness import BenchmarkError, Result, say, timed

_EVENTS, _EVENTS_OF_A_USER = 20_000_000, 20
_TURNS = 3
_MOST_TIMES, _MOST_GIB = 1.25, 4.0


def measure() -> Result:
    """Compute the default aggregates in turns with the query written by hand."""
    events = int(os.environ.get("YULE_BENCH_EVENTS", _EVENTS))
    found: dict[str, list[dict[str, Any]]] = {"ours": [], "hand": []}
    with tempfile.TemporaryDirectory() as lent:
        folder = Path(lent)
        say(f"Writing {events:,} events.")
        _run("make", lent, str(events), str(max(events // _EVENTS_OF_A_USER, 1)))
        _run("population", lent)
        for turn in range(_TURNS):
            for side, results in found.items():
                shutil.copytree(folder / "population", folder / "store", dirs_exist_ok=True)
                results.append(json.loads(_run(side, lent)))
                shutil.rmtree(folder / "store")
                say(f"Turn {turn + 1} of {_TURNS}, {side}: {results[-1]['seconds']:.1f} s.")
            _check_same(found["ours"][-1]["answer"], found["hand"][-1]["answer"])
    ours, hand = (median(r["seconds"] for r in results) for results in found.values())
    peak_gib = max(result["peak_gib"] for result in found["ours"])
    return Result(
        ours=ours,
        reference=hand,
        unit="s",
        goal=f"at most {_MOST_TIMES} times the time by hand, below {_MOST_GIB:.0f} GiB",
        is_met=events >= _EVENTS and ours <= _MOST_TIMES * hand and peak_gib < _MOST_GIB,
        details={
            "peak_gib": peak_gib,
            "reference_peak_gib": max(result["peak_gib"] for result in found["hand"]),
            "cpu_s": median(result["cpu_s"] for result in found["ours"]),
            "reference_cpu_s": median(result["cpu_s"] for result in found["hand"]),
            "events": events,
        },
    )


def _run(*arguments: str) -> str:
    return timed(["-m", "reference.windows", *arguments])[1]


def _check_same(ours: list[float], hand: list[float]) -> None:
    if not all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(ours, hand, strict=True)):
        raise BenchmarkError(f"The answers differ: {ours} and by hand {hand}.")
