"""Child processes, timed, with everything they print on standard error."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.errors import BenchmarkError

__all__ = ["say", "timed"]

_BENCHMARKS = Path(__file__).parents[1]


def say(text: str) -> None:
    """Tell the person who waits."""
    print(text, file=sys.stderr, flush=True)


def timed(
    arguments: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> tuple[float, str]:
    """Run `python` with these arguments; return its wall-clock seconds and what it printed.

    Raises:
        BenchmarkError: If it fails.
    """
    paths = [str(_BENCHMARKS), *filter(None, [os.environ.get("PYTHONPATH")])]
    started = time.perf_counter()
    child = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if child.returncode:
        raise BenchmarkError(f"{arguments} ended with exit code {child.returncode}, see above.")
    return seconds, child.stdout
