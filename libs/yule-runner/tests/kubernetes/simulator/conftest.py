"""A simulated API server, and somebody who calls it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from yule_runner.testing.kubernetes import Cluster, serve

sys.path.insert(0, str(Path(__file__).parent / "actors"))

from caller import Caller


@pytest.fixture
def call() -> Iterator[Caller]:
    with serve(Cluster()) as server, urllib3.PoolManager() as http:
        yield Caller(server, http)
