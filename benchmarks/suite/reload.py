"""A stored table of a million rows by 200 features, read again: verified, and by pyarrow alone."""

from __future__ import annotations

import os
import tempfile
from statistics import median

from harness import Result, say, timed

_ROWS = 1_000_000
_TURNS = 5
_MOST_TIMES = 1.2


def measure() -> Result:
    """Read it in turns, each in a process of its own."""
    rows = int(os.environ.get("YULE_BENCH_ROWS", _ROWS))
    found: dict[str, list[float]] = {"ours": [], "arrow": []}
    cpu_s: dict[str, list[float]] = {"ours": [], "arrow": []}
    with tempfile.TemporaryDirectory() as folder:
        say(f"Storing {rows:,} rows.")
        timed(["-m", "reference.reload_table", "make", folder, str(rows)])
        for turn in range(_TURNS):
            for side, seconds in found.items():
                printed = timed(["-m", "reference.reload_table", side, folder, str(rows)])[1]
                took, of_cpu = printed.splitlines()[-1].split()
                seconds.append(float(took))
                cpu_s[side].append(float(of_cpu))
            told = ", ".join(f"{side} {seconds[-1]:.2f} s" for side, seconds in found.items())
            say(f"Turn {turn + 1} of {_TURNS}: {told}.")
    ratio = median(a / b for a, b in zip(found["ours"], found["arrow"], strict=True))
    return Result(
        ours=median(found["ours"]),
        reference=median(found["arrow"]),
        unit="s",
        goal=f"at most {_MOST_TIMES} times",
        is_met=rows >= _ROWS and ratio <= _MOST_TIMES,
        details={
            "median_ratio": ratio,
            "cpu_s": median(cpu_s["ours"]),
            "reference_cpu_s": median(cpu_s["arrow"]),
            "rows": rows,
        },
    )
