"""The control plane: the API's operations, the controllers, and the time they share."""

from __future__ import annotations

from typing import Any, Protocol

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.api.priorities import Priorities
from yule_runner.testing.kubernetes.clock import VirtualClock, time_text
from yule_runner.testing.kubernetes.controllers.garbage import GarbageCollector
from yule_runner.testing.kubernetes.controllers.lifecycle import NodeLifecycle
from yule_runner.testing.kubernetes.controllers.podgc import PodGarbageCollector
from yule_runner.testing.kubernetes.controllers.quota import QuotaController
from yule_runner.testing.kubernetes.controllers.scheduler import Scheduler
from yule_runner.testing.kubernetes.controllers.taints import TaintEviction
from yule_runner.testing.kubernetes.controllers.ttl import TtlController
from yule_runner.testing.kubernetes.jobs.controller import JobController
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.storage.store import Change, Store

__all__ = ["Cluster"]

Json = dict[str, Any]


class _Controller(Protocol):
    def observe(self, change: Change) -> None: ...

    def work(self) -> bool: ...


class Cluster:
    """A cluster without nodes; add some, or start a kubelet that registers its own.

    Whoever reads or writes it from another thread holds `lock`.

    Args:
        clock: the time; a new virtual clock by default.
        namespaces: what there is from the start.
        seed: of generated names and uids.
        enforces_quota: whether a quota controller runs. Without one, as in a bare control plane,
            a ResourceQuota has an empty status and limits nothing.
    """

    def __init__(
        self,
        clock: VirtualClock | None = None,
        namespaces: tuple[str, ...] = ("default",),
        seed: int = 0,
        *,
        enforces_quota: bool = True,
    ) -> None:
        self.clock = clock or VirtualClock()
        self.store = Store()
        self.lock = self.store.changed
        self.api = Operations(self.store, self.clock, seed)
        self.jobs = JobController(self.api)
        quota = QuotaController(self.api)
        self.api.admission += [Priorities(self.store).admit, quota.admit]
        self._controllers: list[_Controller] = [
            Scheduler(self.api),
            self.jobs,
            GarbageCollector(self.api),
            TtlController(self.api),
            NodeLifecycle(self.api),
            TaintEviction(self.api),
            PodGarbageCollector(self.api),
            *([quota] if enforces_quota else []),
        ]
        self._observed = 0
        for name in namespaces:
            self.api.create(BY_KIND["Namespace"], "", {"metadata": {"name": name}})
        self.settle()

    def add_node(
        self,
        name: str,
        labels: dict[str, str] | None = None,
        allocatable: dict[str, str] | None = None,
        taints: list[Json] | None = None,
    ) -> None:
        """Add a node that nobody runs: pods are bound to it, and stay Pending.

        Args:
            name: of the node.
            labels: for selectors and affinity.
            allocatable: quantities that its pods share; what is not named is unlimited.
            taints: what its pods must tolerate.
        """
        node = BY_KIND["Node"]
        with self.lock:
            metadata = {"name": name, "labels": labels or {}}
            body = {"metadata": metadata, "spec": {"taints": taints} if taints else {}}
            stored, _ = self.api.create(node, "", body)
            status = {"allocatable": allocatable or {}, "capacity": allocatable or {}}
            self.api.update(node, "", name, stored | {"status": status}, subresource="status")
            self.settle()

    def lose_node(self, name: str) -> None:
        """Do what is done once a kubelet has been silent for long: its node counts as unreachable.

        Its pods are evicted when they no longer tolerate that, and stay Terminating until somebody
        confirms their end.
        """
        node = BY_KIND["Node"]
        with self.lock:
            unknown = {
                "type": "Ready",
                "status": "Unknown",
                "reason": "NodeStatusUnknown",
                "message": "Kubelet stopped posting node status.",
                "lastTransitionTime": time_text(self.clock.now_s),
            }
            body = self.api.get(node, "", name)
            status = body.get("status", {}) | {"conditions": [unknown]}
            self.api.update(node, "", name, body | {"status": status}, subresource="status")
            self.settle()

    def remove_node(self, name: str) -> None:
        """Delete a node, as a cloud's controller does when the machine is gone."""
        with self.lock:
            self.api.delete(BY_KIND["Node"], "", name, DeleteOptions())
            self.settle()

    def settle(self) -> None:
        """Let the controllers work until none has anything to do at this moment."""
        with self.lock:
            while self._deliver() or self._work():
                pass

    def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that is due meanwhile."""
        self.advance_to(self.clock.now_s + seconds)

    def advance_to(self, when_s: float) -> None:
        """Let time pass until `when_s`, in seconds since the epoch."""
        with self.lock:
            self.settle()
            while (action := self.clock.step(when_s)) is not None:
                action()
                self.settle()
            self.lock.notify_all()

    def _work(self) -> bool:
        """Let each controller do one thing; return whether any did."""
        worked = [controller.work() for controller in self._controllers]
        return any(worked)

    def _deliver(self) -> bool:
        """Tell every controller of the changes that it has not seen."""
        news = self.store.since(self._observed)
        for change in news:
            self._observed = change.version
            for controller in self._controllers:
                controller.observe(change)
        return bool(news)
