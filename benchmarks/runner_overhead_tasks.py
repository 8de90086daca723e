"""The trivial tasks of bench_runner_overhead, where worker processes find them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import luigi
from gokart_store import JsonFormat, StoredTask


class Trivial(StoredTask[Any]):
    """Stores its number."""

    format = JsonFormat()
    number = luigi.IntParameter()

    def run(self) -> None:
        """Store the number."""
        self.dump(self.number)


def build(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build independent trivial tasks."""
    store = arguments["store"]
    return [Trivial(number=i, workspace_directory=store) for i in range(arguments["count"])]
