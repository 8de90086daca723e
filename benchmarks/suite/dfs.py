"""Features of the example's purchases, by mushroom and by featuretools' deep feature synthesis."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from harness import BenchmarkError, Result
from harness.shop import compare, shop_data, spread_times

_PYTHON = "YULE_BENCH_FEATURETOOLS"
_LEAST = 20.0
_ROWS_OF_OWN_TIMES = 1_000


def measure() -> Result:
    """Describe the labelled rows as they are, at few times, and rows that have a time each."""
    python = os.environ.get(_PYTHON)
    if not python:
        raise BenchmarkError(
            f"featuretools needs an environment of its own: name its Python as {_PYTHON}; see "
            "benchmarks/README.md."
        )
    with tempfile.TemporaryDirectory() as folder:
        given = compare(shop_data(Path(folder)), "featuretools", python=python)
    with tempfile.TemporaryDirectory() as folder:
        data = shop_data(Path(folder))
        spread_times(data, rows=_ROWS_OF_OWN_TIMES)
        own = compare(data, "featuretools", python=python, turns=1)
    return Result(
        ours=own[0].seconds,
        reference=own[1].seconds,
        unit="s",
        goal=f"at least {_LEAST:.0f} times faster",
        is_met=own[1].seconds >= _LEAST * own[0].seconds,
        details={
            "rows": _ROWS_OF_OWN_TIMES,
            "mushroom": asdict(own[0]),
            "featuretools": asdict(own[1]),
            "at_few_times": {"mushroom": asdict(given[0]), "featuretools": asdict(given[1])},
        },
    )
