"""Where a graph comes from: a named factory and its JSON arguments.

A driver and its workers, perhaps on different machines, build the same graph from the same source.
Factories are entry points of the group `yule_runner.factories`, never dotted paths: a work order
read from storage can only choose among what is installed.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, cast

from gokart_store import StoredTask, digest

from yule_runner.errors import SourceError

__all__ = ["FACTORY_GROUP", "Factory", "GraphSource", "load_factory"]

FACTORY_GROUP = "yule_runner.factories"

Factory = Callable[[Mapping[str, Any]], Sequence["StoredTask[Any]"]]


@dataclass(frozen=True, kw_only=True)
class GraphSource:
    """A task graph as a value.

    Attributes:
        factory: name of an entry point of the group `yule_runner.factories`.
        arguments: JSON object handed to the factory, which returns the tasks to be made.
    """

    factory: str
    arguments: Mapping[str, Any]

    @property
    def key(self) -> str:
        """A digest equal for equal sources, by which workers keep graphs."""
        return digest({"factory": self.factory, "arguments": dict(self.arguments)})


def load_factory(name: str) -> Factory:
    """Return the installed factory called `name`.

    Raises:
        SourceError: no installed distribution provides it.
    """
    found = entry_points(group=FACTORY_GROUP)
    if name not in found.names:
        known = sorted(found.names)
        close = difflib.get_close_matches(name, known, n=1)
        advice = f"Did you mean `{close[0]}`?" if close else f"Installed are: {known or 'none'}."
        raise SourceError(
            f"There is no task factory `{name}` among the entry points of `{FACTORY_GROUP}`. "
            f"{advice}"
        )
    return cast("Factory", found[name].load())
