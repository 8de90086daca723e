"""The node's agent: takes pods that are bound to it, runs them, and can be made to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import urllib3.exceptions
from kubernetes.client import ApiException

from yule_runner.testing.kubernetes.kubelet.api import KubeletApi
from yule_runner.testing.kubernetes.kubelet.logs import LogServer
from yule_runner.testing.kubernetes.kubelet.pod_worker import Ending, PodWorker
from yule_runner.testing.kubernetes.kubelet.statuses import now_text

__all__ = ["ProcessKubelet"]

Json = dict[str, Any]

_SPOT_GRACE_S = 15.0
_PAUSE_S = 0.2
_BEAT_S = 10.0
_GIB = 2**30


class ProcessKubelet:
    """A node whose containers are processes of this machine. Use it as a context.

    It says every few seconds that its node is ready; watches the pods bound to it; runs each
    container's `command`; patches statuses; serves logs; on deletion sends SIGTERM, waits for the
    grace period, kills, and lets the pod go. Volumes are not mounted: processes find their
    temporary files through `TMPDIR`, and those of pods with the token of a service account find
    the cluster through `KUBECONFIG`.

    Args:
        kubeconfig: where the cluster is.
        folder: for files and logs of pods.
        name: of the node.
        labels: of the node.
        taints: of the node.
        cpu: cores that its pods share.
        memory_gib: memory that its pods share, in GiB.
        gpu: GPUs that its pods share.
        environment: variables of all its containers, such as where an emulator of a cloud listens.
    """

    def __init__(
        self,
        kubeconfig: Path,
        folder: Path,
        *,
        name: str = "node-1",
        labels: dict[str, str] | None = None,
        taints: list[Json] | None = None,
        cpu: float = 64,
        memory_gib: float = 256,
        gpu: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name, self._folder, self._kubeconfig = name, folder, kubeconfig
        self._labels = {"kubernetes.io/hostname": name} | (labels or {})
        self._taints, self._environment = taints or [], environment or {}
        self._room = {
            "cpu": f"{cpu:g}",
            "memory": str(int(memory_gib * _GIB)),
            "pods": "110",
            "nvidia.com/gpu": str(gpu),
        }
        self._api = KubeletApi(kubeconfig, name)
        self._workers: dict[str, PodWorker] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._is_lost = False
        self._since = now_text()
        self.refused_images: dict[str, str] = {}
        """Images that cannot be had, to the reason that their containers wait with."""
        self._logs = LogServer(folder, self._is_running)
        self._threads = [
            threading.Thread(target=self._logs.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._watch, daemon=True),
            threading.Thread(target=self._beat, daemon=True),
        ]

    def __enter__(self) -> ProcessKubelet:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._api.register(self._labels, self._taints, self._status())
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._api.interrupt()
        for worker in self._live():
            worker.silence()
            worker.end(Ending(grace_s=0))
        for worker in self._live():
            worker.join()
        self._logs.stop()
        for thread in self._threads:
            thread.join()
        self._api.close()

    def preempt(
        self, pod: str, *, namespace: str = "default", grace_s: float = _SPOT_GRACE_S
    ) -> None:
        """Take the machine from under a pod: SIGTERM, and the condition DisruptionTarget."""
        self._worker(namespace, pod).end(Ending.preemption(grace_s))

    def kill(self, pod: str, *, namespace: str = "default") -> None:
        """Kill a pod's containers at once, without a reason."""
        self._worker(namespace, pod).end(Ending(grace_s=0))

    def starve(self, pod: str, *, namespace: str = "default") -> None:
        """Kill a pod's containers as the kernel does when their memory runs out."""
        self._worker(namespace, pod).end(Ending(grace_s=0, container_reason="OOMKilled"))

    def lose(self, *, kills: bool = True) -> None:
        """Vanish: report nothing any more, whatever becomes of the containers.

        Args:
            kills: whether they end; otherwise they run on, as behind a cut network cable.
        """
        self._is_lost = True
        self._api.interrupt()
        for worker in self._live():
            worker.silence()
            if kills:
                worker.end(Ending(grace_s=0))

    def _beat(self) -> None:
        while not self._is_over.wait(_BEAT_S) and not self._is_lost:
            # An API server that is away or refuses hears the next one.
            with suppress(ApiException, urllib3.exceptions.HTTPError):
                self._api.tell_ready(self._ready())

    def _watch(self) -> None:
        while not self._is_over.is_set() and not self._is_lost:
            try:
                pods, version = self._api.pods()
                for pod in pods:
                    self._see(pod)
                for kind, pod in self._api.watch(version):
                    if self._is_over.is_set() or self._is_lost:
                        return
                    if kind == "ERROR":
                        break
                    self._see(pod, is_gone=kind == "DELETED")
            except (ApiException, urllib3.exceptions.HTTPError):
                # The API server is away or refuses: containers run on, and the next list tells.
                self._is_over.wait(_PAUSE_S)

    def _see(self, pod: Json, *, is_gone: bool = False) -> None:
        metadata = pod["metadata"]
        uid = metadata["uid"]
        worker = self._workers.get(uid)
        is_ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
        if worker is None:
            if not is_gone and not is_ended and "deletionTimestamp" not in metadata:
                self._take(pod)
            elif not is_gone and "deletionTimestamp" in metadata:
                self._api.remove(pod)
            return
        if is_gone:
            worker.end(Ending(grace_s=0))
        elif "deletionTimestamp" in metadata:
            worker.end(Ending(grace_s=float(metadata.get("deletionGracePeriodSeconds", 0))))
            threading.Thread(target=self._let_go, args=(worker, pod), daemon=True).start()

    def _take(self, pod: Json) -> None:
        metadata = pod["metadata"]
        folder = self._folder / metadata["uid"]
        worker = PodWorker(
            self._api,
            pod,
            folder,
            self.refused_images,
            kubeconfig=self._kubeconfig,
            environment=self._environment,
        )
        with self._lock:
            self._workers[metadata["uid"]] = worker
            self._names[metadata["namespace"], metadata["name"]] = metadata["uid"]
        worker.start()

    def _let_go(self, worker: PodWorker, pod: Json) -> None:
        worker.join()
        if not self._is_lost and not self._is_over.is_set():
            self._api.remove(pod)

    def _worker(self, namespace: str, pod: str) -> PodWorker:
        with self._lock:
            uid = self._names.get((namespace, pod))
            if uid is None:
                raise LookupError(f"Node {self.name} runs no pod {pod!r} of namespace {namespace}.")
            return self._workers[uid]

    def _live(self) -> list[PodWorker]:
        with self._lock:
            return [worker for worker in self._workers.values() if worker.is_alive()]

    def _is_running(self, namespace: str, pod: str, container: str) -> bool:
        with self._lock:
            uid = self._names.get((namespace, pod), "")
            worker = self._workers.get(uid)
        return worker is not None and worker.is_running(container)

    def _ready(self) -> Json:
        ready = {
            "type": "Ready",
            "status": "True",
            "reason": "KubeletReady",
            "message": "kubelet is posting ready status",
        }
        return ready | {"lastTransitionTime": self._since, "lastHeartbeatTime": now_text()}

    def _status(self) -> Json:
        return {
            "capacity": self._room,
            "allocatable": self._room,
            "conditions": [self._ready()],
            "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": self._logs.server_port}},
        }
