"""Pythons of environments that hold nothing of Yule, but what it is compared with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["environment_apart", "python_apart"]

_PLACE = Path(__file__).parents[2] / ".nox"


def python_apart(name: str) -> Path | None:
    """Return the Python that `nox -s "peers(NAME)"` has made; None where it has not."""
    python = _PLACE / name / "bin/python"
    return python if python.exists() else None


def environment_apart() -> Mapping[str, str]:
    """Return this process's environment without the benchmark's own paths."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
