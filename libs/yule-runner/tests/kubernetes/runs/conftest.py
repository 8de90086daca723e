"""Runs on a cluster over HTTP, with a kubelet, or with the test in a kubelet's place.

The cluster is simulated, or the one that a kubeconfig names: set YULE_TEST_KUBECONFIG to its path.
The user must be an administrator, for the tests bring nodes of their own; what they make lies in
the namespace `default`. What needs a fault or a count that only the simulated one has is marked
`simulator`, and skipped elsewhere.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from gokart_store import open_store
from kubernetes import client, config
from yule_runner import Event, GraphSource, RunPlanned, RunResult, run_graph
from yule_runner.kubernetes import (
    ClusterSettings,
    KubernetesExecutor,
    Patience,
    Pool,
    Toleration,
)
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.reading import pod_index
from yule_runner.order import StoredOrder
from yule_runner.pod_files import LOG, pod_prefix
from yule_runner.testing.kubernetes import Cluster, VirtualClock, serve
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

Json = dict[str, Any]

IMAGE = "registry.example/shop@sha256:" + "a" * 64
DRIVER = "what the driver shows"
PAUSE = threading.Event()
QUICK = Patience(
    reconcile_s=0.05,
    journal_s=0.1,
    watch_s=240,
    silence_s=20,
    first_backoff_s=0.05,
    longest_backoff_s=0.4,
    pods_s=0.2,
)
REAL = os.environ.get("YULE_TEST_KUBECONFIG")
# A real Job controller lets ten seconds go by after a failure, and twice as many after the next.
PATIENCE_S = 600.0 if REAL else 60.0
OURS = "yule.dev/test"
BEAT_S = 10.0


@dataclass
class Runs:
    """A served cluster, a store, and drivers in threads of this process."""

    bench: Any
    server: Any
    kubeconfig: Path
    admin: Path
    batch: client.BatchV1Api
    core: client.CoreV1Api
    drivers: list[Driver] = field(default_factory=list)

    @property
    def store(self) -> str:
        return str(self.bench.folder / "store")

    def settings(self, **changes: Any) -> ClusterSettings:
        fields: Json = {
            "run": "weekly-1",
            "namespace": "default",
            "image": IMAGE,
            "store": self.store,
            "pools": (self.pool(),),
            "patience": QUICK,
        }
        return ClusterSettings(**fields | changes)

    def pool(self, **changes: Any) -> Pool:
        """Describe a pool that has the nodes of the tests, and no others."""
        fields: Json = {
            "name": "standard",
            "cpu": 8,
            "memory_gib": 16,
            "node_selector": {OURS: "hands"},
            "tolerations": (Toleration(key=OURS, effect="NoSchedule"),),
        }
        return Pool(**fields | changes)

    def executor(self, **changes: Any) -> KubernetesExecutor:
        return KubernetesExecutor(
            self.settings(**changes), connect=lambda: connect(self.kubeconfig)
        )

    def start(self, source: GraphSource, *, retries: int = 1, **changes: Any) -> Driver:
        """Start a driver in a thread; return once it has seen what is stored already."""
        driver = Driver(self, source, retries, self.executor(**changes))
        self.drivers.append(driver)
        driver.thread.start()
        self.until(lambda: driver.told(RunPlanned) or driver.error, "the plan of a driver")
        return driver

    def until(self, ready: Callable[[], Any], what: str = "it") -> Any:
        """Wait for something to be true while the cluster's clock runs."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if found := ready():
                return found
            PAUSE.wait(0.01)
        jobs = [job.metadata.name for job in self.jobs()]
        errors = [driver.error for driver in self.drivers]
        raise AssertionError(f"{what} did not happen; Jobs: {jobs}, errors: {errors}")

    def jobs(self) -> list[Any]:
        return list(self.batch.list_namespaced_job("default").items)

    def job_names(self) -> list[str]:
        return sorted(job.metadata.name for job in self.jobs())


class Driver:
    """One run of a graph, and what it said."""

    def __init__(
        self, runs: Runs, source: GraphSource, retries: int, executor: KubernetesExecutor
    ) -> None:
        self.runs, self.source, self.retries, self.executor = runs, source, retries, executor
        self.events: list[Event] = []
        self.result: RunResult | None = None
        self.error: BaseException | None = None
        self._dies = threading.Event()
        self._is_interrupted = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            with self.executor:
                self.result = run_graph(
                    self.source,
                    executor=_Mortal(self.executor, self._dies, self._is_interrupted),
                    orders=self.runs.bench.folder / "orders",
                    on_event=self.events.append,
                    retries=self.retries,
                )
        except BaseException as error:
            self.error = error

    def die(self) -> None:
        """End the driver as a kill does: it decides and sends nothing more."""
        self._dies.set()
        self.thread.join(PATIENCE_S)
        assert isinstance(self.error, Killed), self.error

    def stop(self) -> None:
        """Kill the driver, unless it has come to its end."""
        self._dies.set()
        self.thread.join(PATIENCE_S)

    def interrupt(self) -> BaseException:
        """End the driver as an error in it does: it cancels what it has in flight."""
        self._is_interrupted.set()
        self.thread.join(PATIENCE_S)
        assert self.error is not None
        return self.error

    def wait(self) -> RunResult:
        """Wait for success."""
        self.thread.join(PATIENCE_S)
        if self.error is not None:
            raise self.error
        assert self.result is not None, (self.events, self.runs.job_names())
        return self.result

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for event in list(self.events) if isinstance(event, kind)]


class Killed(BaseException):
    """What stands for SIGKILL in a thread."""


class _Mortal:
    """Passes everything on, until the driver is killed."""

    def __init__(
        self, executor: KubernetesExecutor, dies: threading.Event, is_interrupted: threading.Event
    ) -> None:
        self._executor, self._dies, self._is_interrupted = executor, dies, is_interrupted

    def observe(self, timeout_s: float) -> Sequence[Any]:
        if self._dies.is_set():
            raise Killed
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise InterruptedError
        return self._executor.observe(timeout_s)

    def cancel(self, handle: Any, *, now: bool = False) -> None:
        if not self._dies.is_set():
            self._executor.cancel(handle, now=now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)


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


@pytest.fixture
def runs(bench: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Runs]:
    """A cluster: a simulated one whose clock runs fifty times as fast as ours, or a real one."""
    if REAL is None:
        with serve(Cluster(VirtualClock(time.time())), speed=50) as server:
            server.faults.spare("admin")
            server.access.add("driver", DRIVER, *server.access.roles("admin"))
            admin = server.write_kubeconfig(tmp_path / "admin")
            driver = server.write_kubeconfig(tmp_path / "driver", token=DRIVER)
            with _on(bench, server, driver, admin) as found:
                yield found
                server.faults.clear()
        return
    if request.node.get_closest_marker("simulator"):
        pytest.skip("needs what only the simulated cluster has")
    with _on(bench, None, Path(REAL), Path(REAL)) as found:
        _admit(found.core)
        yield found
    with _on(bench, None, Path(REAL), Path(REAL)) as left:
        selector = left.settings().selector.partition(",")[0]
        left.batch.delete_collection_namespaced_job(
            "default", label_selector=selector, propagation_policy="Background"
        )
        left.core.delete_collection_namespaced_pod(
            "default", label_selector=selector, grace_period_seconds=0
        )


@contextmanager
def _on(bench: Any, server: Any, driver: Path, admin: Path) -> Iterator[Runs]:
    with config.new_client_from_config(str(admin)) as api:
        batch, core = client.BatchV1Api(api), client.CoreV1Api(api)
        found = Runs(bench, server, driver, admin, batch, core)
        yield found
        for each in found.drivers:
            each._dies.set()
        for each in found.drivers:
            each.thread.join(PATIENCE_S)


def _admit(core: client.CoreV1Api) -> None:
    """Let pods of the accounts that Jobs name be made; the simulated cluster asks for none."""
    for name in ("yule-worker", "yule-driver"):
        with suppress(client.ApiException):
            core.create_namespaced_service_account("default", {"metadata": {"name": name}})


@pytest.fixture
def hands(runs: Runs) -> Iterator[Hands]:
    node = Hands(runs)
    yield node
    node.close()
