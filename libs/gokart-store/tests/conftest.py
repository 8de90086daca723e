"""Makes the sample tasks importable, here and in child processes."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent / "samples"))

import children


@pytest.fixture
def start() -> Iterator[Callable[..., children.Child]]:
    """Start child processes, none of which outlives the test."""
    started: list[children.Child] = []

    def start_one(*arguments: Any, **variables: str) -> children.Child:
        started.append(children.start(*arguments, **variables))
        return started[-1]

    yield start_one
    for child in started:
        child.kill()
        child.communicate()
