"""A test in a kubelet's place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gokart_store import open_store
from served_runs import OURS, REAL, Runs
from yule_runner.kubernetes.reading import pod_index
from yule_runner.order import StoredOrder
from yule_runner.pod_files import LOG, pod_prefix
from yule_runner.testing.kubernetes.kubelet.api import KubeletApi
from yule_runner.testing.kubernetes.kubelet.statuses import (
    ContainerState,
    disruption,
    now_text,
    pod_status,
)
from yule_runner.worker.journal import Journal
from yule_runner.worker.once import work
from yule_runner.worker.share import Share

__all__ = ["Hands"]

Json = dict[str, Any]

BEAT_S = 10.0


class Hands:
    """The test in a kubelet's place: pods do as it says. It speaks HTTP, as a kubelet does."""

    def __init__(self, runs: Runs, name: str = "hands") -> None:
        self._runs = runs
        self._api = KubeletApi(runs.admin, name)
        self._taken: set[str] = set()
        self._cpu = "64"
        self._is_over = threading.Event()
        self._heart = threading.Thread(target=self._beat, daemon=True)
        self.grow(self._cpu)
        if REAL:
            self._heart.start()

    def grow(self, cpu: str) -> None:
        """Give the node that many cores."""
        self._cpu = cpu
        room = {"cpu": cpu, "memory": "512Gi", "pods": "110"}
        ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
        times = {"lastTransitionTime": now_text(), "lastHeartbeatTime": now_text()}
        status = {"allocatable": room, "capacity": room, "conditions": [ready | times]}
        taint = {"key": OURS, "value": "hands", "effect": "NoSchedule"}
        self._api.register({OURS: "hands"}, [taint], status)

    def _beat(self) -> None:
        while not self._is_over.wait(BEAT_S):
            self.grow(self._cpu)

    @contextmanager
    def another(self) -> Iterator[Hands]:
        """Lend a second node."""
        node = Hands(self._runs, "hands-2")
        try:
            yield node
        finally:
            node.close()

    def close(self) -> None:
        self._is_over.set()
        if REAL:
            self._heart.join()
            self._api.unregister()
        self._api.close()

    def take(self, index: int | None = 0, *, job: str = "") -> Json:
        """Wait for the next pod of an index, or of a Job that has none, and start it."""

        def fresh() -> Json | None:
            for pod in self._api.pods()[0]:
                metadata = pod["metadata"]
                if (
                    metadata["uid"] not in self._taken
                    and metadata["labels"]["batch.kubernetes.io/job-name"].startswith(job)
                    and pod_index(pod) == index
                    and "deletionTimestamp" not in metadata
                ):
                    return pod
            return None

        pod: Json = self._runs.until(fresh, f"a pod of index {index} of {job or 'any Job'}")
        self.begin(pod)
        return pod

    def pods(self) -> list[Json]:
        """Return the node's pods, oldest first."""
        found = self._api.pods()[0]
        return sorted(found, key=lambda pod: int(pod["metadata"]["resourceVersion"]))

    def begin(self, pod: Json) -> None:
        """Start a pod."""
        self._taken.add(pod["metadata"]["uid"])
        self._api.write_status(pod, pod_status([_main(pod).start()]) | {"startTime": now_text()})

    def confirm(self, pod: Json) -> None:
        """Confirm at once that a deleted pod has ended."""
        self._api.remove(pod)

    def waits(self, pod: Json, reason: str, message: str = "") -> None:
        """Let the container wait."""
        self._api.write_status(pod, pod_status([_main(pod).wait(reason, message)]))

    def work(self, pod: Json) -> int:
        """Do what the pod's command says, in this process; return the exit code."""
        words = pod["spec"]["containers"][0]["command"]
        options = dict(zip(words[5::2], words[6::2], strict=True))
        metadata = pod["metadata"]
        labels = metadata["labels"]
        job = labels["batch.kubernetes.io/job-name"]
        uid = labels["batch.kubernetes.io/controller-uid"]
        index = pod_index(pod) or 0
        prefix = pod_prefix(job, uid, index, metadata["name"])
        with open_store(options["--store"]).sharing(prefix) as folder:
            (folder / LOG).write_text("what the pod printed\n")
            return work(
                StoredOrder(store=options["--store"], sha256=options["--sha256"]),
                share=Share(index=index, size=int(options["--per-index"])),
                tell=Journal(folder).tell,
            )

    def end(self, pod: Json, code: int, reason: str = "", *, is_preempted: bool = False) -> None:
        """End the pod with an exit code."""
        status = pod_status(
            [_main(pod).start().end(code, reason)],
            is_over=True,
            conditions=[disruption("the node goes")] if is_preempted else [],
        )
        self._api.write_status(pod, status)

    def run(self, pod: Json) -> int:
        """Do the pod's work, and end it so."""
        code = self.work(pod)
        self.end(pod, code)
        return code

    def let_go(self, pod: Json) -> None:
        """Wait for a pod to be deleted, and confirm that it has ended."""

        def is_deleted() -> bool:
            found = self._api.get(pod)
            return found is None or "deletionTimestamp" in found["metadata"]

        self._runs.until(is_deleted, "the deletion of a pod")
        self._api.remove(pod)


def _main(pod: Json) -> ContainerState:
    container = pod["spec"]["containers"][0]
    return ContainerState(name=container["name"], image=container["image"])
