"""What a Job computes, read from its annotations and the work order that they name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gokart_store import Store

from yule_runner.errors import OrderError
from yule_runner.kubernetes.flight import Flight, Need
from yule_runner.kubernetes.jobs import ORDER, PER_INDEX
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.kubernetes.names import POOL, label_value
from yule_runner.kubernetes.pod_template import can_escape
from yule_runner.kubernetes.quantities import memory_gib
from yule_runner.order import StoredOrder, read_order

__all__ = ["FlightReader"]

Json = dict[str, Any]


class FlightReader:
    """Reads Jobs, and each work order once.

    Args:
        store: where work orders lie.
        run: as in `ClusterSettings.run`.
    """

    def __init__(self, store: Store, run: str) -> None:
        self._store, self._run = store, run
        self._orders: dict[str, tuple[str, ...]] = {}

    def tasks_of(self, job: Json) -> tuple[str, ...]:
        """Return the tasks of a Job's order; none where that cannot be read."""
        annotations: Mapping[str, str] = job["metadata"].get("annotations") or {}
        sha256 = annotations.get(ORDER, "")
        if PER_INDEX not in annotations or not sha256:
            return ()
        if sha256 not in self._orders:
            place = StoredOrder(store=self._store.url, sha256=sha256)
            try:
                self._orders[sha256] = read_order(place).task_ids
            except OrderError:
                self._orders[sha256] = ()
        return self._orders[sha256]

    def flight(self, job: Json) -> Flight:
        """Return a Job as a driver follows it."""
        metadata = job["metadata"]
        pod = job["spec"]["template"]["spec"]
        container = pod["containers"][0]
        limits = container.get("resources", {}).get("limits", {})
        return Flight(
            name=metadata["name"],
            uid=metadata["uid"],
            task_ids=self.tasks_of(job),
            size=int(metadata["annotations"][PER_INDEX]),
            is_own=metadata["labels"].get("yule.dev/run") == label_value(self._run),
            need=Need(memory_gib=memory_gib(limits.get("memory", "0"))),
            pool=metadata["annotations"].get(POOL, ""),
            is_spot=can_escape(pod),
            journals=JournalReader(self._store, metadata["name"], metadata["uid"]),
        )
