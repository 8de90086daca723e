"""The trivial tasks of the benchmark `runner`, where worker processes find them too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import luigi
from gokart_store import JsonFormat, StoredTask, UpstreamListParameter


class Trivial(StoredTask[Any]):
    """Stores its number."""

    format = JsonFormat()
    number = luigi.IntParameter()

    def run(self) -> None:
        """Store the number."""
        self.dump(self.number)


class All(StoredTask[Any]):
    """Stores how many there are."""

    format = JsonFormat()
    parts = UpstreamListParameter()

    def run(self) -> None:
        """Store the number of parts."""
        self.dump(len(self.parts))


def build(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build `count` independent trivial tasks, and one that needs them all."""
    place = {"workspace_directory": arguments["store"]}
    parts = tuple(Trivial(number=i, **place) for i in range(arguments["count"]))
    return [All(parts=parts, **place)]
