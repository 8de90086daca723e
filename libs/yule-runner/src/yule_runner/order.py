"""Work orders: what a worker is told to do, as a small JSON text whose digest travels separately.

A worker, local or in a pod, rebuilds the graph from the order's source and runs the tasks it names.
The digest is handed over by another way than the text, so that whoever can write to the folder or
the store of orders cannot change what workers do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from gokart_store import Store, open_store, write_whole

from yule_runner.errors import OrderError
from yule_runner.source import GraphSource

__all__ = [
    "ORDER_VERSION",
    "OrderFile",
    "OrderPlace",
    "StoredOrder",
    "WorkOrder",
    "read_order",
    "store_order",
    "write_order",
]

ORDER_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class WorkOrder:
    """Run these tasks of this graph.

    Attributes:
        source: what the worker builds the graph from.
        task_ids: unique ids of tasks whose upstream is stored; siblings, in any order.
        attempt: 1 for the first try of these tasks.
    """

    source: GraphSource
    task_ids: tuple[str, ...]
    attempt: int = 1

    def to_bytes(self) -> bytes:
        """Return the order's one JSON text, in UTF-8."""
        document = {
            "version": ORDER_VERSION,
            "factory": self.source.factory,
            "arguments": dict(self.source.arguments),
            "task_ids": list(self.task_ids),
            "attempt": self.attempt,
        }
        return json.dumps(
            document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
        ).encode()


class OrderPlace(Protocol):
    """Where a work order lies, and the sha256 (hex) that its bytes must have."""

    @property
    def sha256(self) -> str:
        """The digest that was announced."""

    def read(self) -> bytes:
        """Return what lies there.

        Raises:
            OrderError: there is nothing, or it cannot be read.
        """


@dataclass(frozen=True, kw_only=True)
class OrderFile:
    """A work order on disk, and the sha256 (hex) of its bytes."""

    path: Path
    sha256: str

    def __str__(self) -> str:
        return str(self.path)

    def read(self) -> bytes:
        """Return the file's bytes."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise OrderError(f"The work order {self} cannot be read: {error.strerror}.") from error


@dataclass(frozen=True, kw_only=True)
class StoredOrder:
    """A work order in the store at a URL, where pods find it under its sha256 (hex)."""

    store: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.store}/{self.key}"

    @property
    def key(self) -> str:
        """Its key in the store."""
        return f"orders/{self.sha256}.json"

    def read(self) -> bytes:
        """Return the stored bytes."""
        content = open_store(self.store).read_bytes(self.key)
        if content is None:
            raise OrderError(
                f"There is no work order {self}: the pods of a run must see the store that its "
                "driver writes to, under the same URL."
            )
        return content


def write_order(order: WorkOrder, folder: Path, *, name: str) -> OrderFile:
    """Write an order atomically to `folder/<name>-<digest>.json`; equal orders share one file."""
    content = order.to_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / f"{name}-{sha256[:12]}.json"
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)
    return OrderFile(path=path, sha256=sha256)


def store_order(order: WorkOrder, store: Store) -> StoredOrder:
    """Put an order into a store, for pods; equal orders share one key.

    Raises:
        StoreWriteError: the store takes nothing.
    """
    content = order.to_bytes()
    place = StoredOrder(store=store.url, sha256=hashlib.sha256(content).hexdigest())
    store.write_bytes(place.key, content)
    return place


def read_order(place: OrderPlace) -> WorkOrder:
    """Read an order and verify it.

    Raises:
        OrderError: it is missing, is not the one meant, or is not an order of this version.
    """
    content = place.read()
    found = hashlib.sha256(content).hexdigest()
    if found != place.sha256:
        raise OrderError(
            f"The work order {place} was changed: its sha256 is {found}, "
            f"but {place.sha256} was announced. Nothing of it was run."
        )
    try:
        return _parse(json.loads(content))
    except (KeyError, TypeError, ValueError) as error:
        raise OrderError(
            f"The work order {place} is not an order of version {ORDER_VERSION}: {error!r}."
        ) from error


def _parse(document: Mapping[str, Any]) -> WorkOrder:
    if document["version"] != ORDER_VERSION:
        raise ValueError(f"version is {document['version']!r}")
    return WorkOrder(
        source=GraphSource(factory=str(document["factory"]), arguments=dict(document["arguments"])),
        task_ids=tuple(str(task_id) for task_id in document["task_ids"]),
        attempt=int(document["attempt"]),
    )
