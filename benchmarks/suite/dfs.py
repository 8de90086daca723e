"""Features of the example's purchases, by mushroom and by featuretools' deep feature synthesis."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from harness import BenchmarkError, Result
from harness.apart import python_apart
from harness.shop import Cost, compare, shop_data, spread_times

_LEAST = 20.0
_ROWS_OF_OWN_TIMES = 1_000
_SIDES = ("mushroom", "featuretools")


def measure() -> Result:
    """Describe the labelled rows as they are, at few times, and rows that have a time each."""
    if (peer := python_apart("featuretools")) is None:
        raise BenchmarkError(
            'featuretools needs an environment of its own: nox -s "peers(featuretools)".'
        )
    python = str(peer)
    found = {}
    for wanted in ("defaults", "numbers"):
        with tempfile.TemporaryDirectory() as folder:
            given = compare(shop_data(Path(folder)), wanted, "featuretools", python=python)
        with tempfile.TemporaryDirectory() as folder:
            data = shop_data(Path(folder))
            spread_times(data, rows=_ROWS_OF_OWN_TIMES)
            own = compare(data, wanted, "featuretools", python=python, turns=1)
        found[wanted] = {"given_times": _told(given), "own_times": _told(own)}
    # What is judged is the slower of the two kinds of rows.
    judged = found["defaults"].values()
    ours, theirs = min(
        ((kind["mushroom"]["cpu_s"], kind["featuretools"]["cpu_s"]) for kind in judged),
        key=lambda costs: costs[1] / costs[0],
    )
    return Result(
        ours=ours,
        reference=theirs,
        unit="s of CPU",
        goal=f"at least {_LEAST:.0f} times faster",
        is_met=theirs >= _LEAST * ours,
        details={"rows_of_own_times": _ROWS_OF_OWN_TIMES, **found},
    )


def _told(costs: Sequence[Cost]) -> dict[str, dict[str, float]]:
    return {side: asdict(cost) for side, cost in zip(_SIDES, costs, strict=True)}
