"""Sample tasks that child processes can import too, and a way to start such processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_SAMPLES = Path(__file__).parent / "samples"
sys.path.insert(0, str(_SAMPLES))

Child = subprocess.Popen[str]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment, with the samples importable and more variables."""
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, [str(_SAMPLES), inherited]))
    return {**os.environ, "PYTHONPATH": path, **variables}


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    """Start `python -m MODULE ARGUMENTS` in a process group of its own; none outlives the test."""
    children: list[Child] = []

    def start_one(module: str, *arguments: str | Path, **variables: str) -> Child:
        child = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            env=environment(**variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start_one
    for child in children:
        child.kill()
        child.communicate()
