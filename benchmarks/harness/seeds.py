"""Over how many seeds a figure is told."""

from __future__ import annotations

import os
from collections.abc import Sequence

from harness.errors import BenchmarkError

__all__ = ["wanted_seeds"]

_VARIABLE = "YULE_BENCH_SEEDS"


def wanted_seeds(*, default: int) -> Sequence[int]:
    """Return the seeds 0, 1, …: as many as YULE_BENCH_SEEDS says, else as the default.

    Raises:
        BenchmarkError: If it says no positive number.
    """
    given = os.environ.get(_VARIABLE, str(default))
    if not given.isdigit() or int(given) < 1:
        raise BenchmarkError(f"{_VARIABLE} must be a positive number, got {given!r}.")
    return range(int(given))
