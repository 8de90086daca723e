"""Event windows over 100 million events of 5 million users: time per event, and memory."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from harness import Result, say, timed

_EVENTS, _EVENTS_OF_A_USER = 100_000_000, 20
_FEWER = 5
_MEMORY_GIB = {"fewer": 1.5, "all": 4}
_MOST_GROWTH, _MOST_GIB = 1.1, 8.0


def measure() -> Result:
    """Compute the default aggregates of a fifth of the events, and of all; by hand, not in CI."""
    events = int(os.environ.get("YULE_BENCH_EVENTS", _EVENTS))
    fewer = _ours("fewer", events // _FEWER)
    found = _ours("all", events)
    per_event = fewer["seconds"] / (events // _FEWER)
    growth = found["seconds"] / events / per_event
    return Result(
        ours=found["seconds"],
        reference=per_event * events,
        unit="s (reference: as a fifth of the events would take, five times)",
        goal=f"at most {_MOST_GROWTH} times the time per event, below {_MOST_GIB:.0f} GiB",
        is_met=events >= _EVENTS and growth <= _MOST_GROWTH and found["peak_gib"] < _MOST_GIB,
        details={
            "peak_gib": found["peak_gib"],
            "cpu_s": found["cpu_s"],
            "cpu_growth": found["cpu_s"] / fewer["cpu_s"] * (events // _FEWER) / events,
            "events": events,
        },
    )


def _ours(name: str, events: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as lent:
        say(f"Writing {events:,} events.")
        _run("make", lent, str(events), str(max(events // _EVENTS_OF_A_USER, 1)))
        _run("population", lent)
        shutil.copytree(Path(lent, "population"), Path(lent, "store"))
        found: dict[str, Any] = json.loads(_run("ours", lent, str(_MEMORY_GIB[name])))
    say(f"{found['seconds']:.1f} s, {found['peak_gib']:.2f} GiB.")
    return found


def _run(*arguments: str) -> str:
    return timed(["-m", "reference.windows", *arguments])[1]
