"""Pods as processes: run, fail, end early, and tell."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config
from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet

Json = dict[str, Any]

PATIENCE_S = 10.0
# A worker that says that it is ready, and exits 143 on SIGTERM.
PATIENT = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
    "print('ready', flush=True)\n"
    "time.sleep(600)\n"
)
STUBBORN = PATIENT.replace("lambda *_: sys.exit(143)", "signal.SIG_IGN")


@dataclass
class Bench:
    """A served cluster with one node, and the official client for it."""

    server: ClusterServer
    kubelet: ProcessKubelet
    core: client.CoreV1Api
    batch: client.BatchV1Api

    def create(self, script: str, **changes: Any) -> None:
        container = {"name": "main", "image": "yule", "command": ["python", "-c", script]}
        pod: Json = {"restartPolicy": "Never", "containers": [container]}
        pod |= changes.pop("pod", {})
        spec: Json = {
            "completionMode": "Indexed",
            "completions": 1,
            "parallelism": 1,
            "backoffLimitPerIndex": 1,
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "Ignore",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    },
                    {
                        "action": "FailIndex",
                        "onExitCodes": {"operator": "In", "values": [65]},
                    },
                ]
            },
            "template": {"spec": pod},
        }
        body = {"metadata": {"name": "j"}, "spec": spec | changes}
        self.batch.create_namespaced_job("default", body)

    def pods(self) -> list[Any]:
        pods = self.core.list_namespaced_pod("default").items
        return sorted(pods, key=lambda pod: int(pod.metadata.resource_version))

    def job(self) -> Any:
        return self.batch.read_namespaced_job("j", "default")

    def log(self, pod: str, **options: Any) -> str:
        return str(self.core.read_namespaced_pod_log(pod, "default", **options))

    def until(self, ready: Callable[[], Any]) -> Any:
        """Wait for something to be true, while the cluster's clock runs."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if found := ready():
                return found
            self.server.is_over.wait(0.02)
        statuses = [pod.status for pod in self.pods()]
        raise AssertionError(f"Not within {PATIENCE_S:g} s; the pods are {statuses}")

    def running(self) -> str:
        """Wait until a pod has said that it is ready; return its name."""

        def ready() -> str | None:
            for pod in self.pods():
                if pod.status.phase == "Running" and self.log(pod.metadata.name) == "ready\n":
                    return str(pod.metadata.name)
            return None

        return str(self.until(ready))

    def ended(self) -> Any:
        """Wait for the Job's end; return its terminal condition."""

        def terminal() -> Any:
            conditions = self.job().status.conditions or []
            return next((each for each in conditions if each.type in ("Complete", "Failed")), None)

        return self.until(terminal)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with serve(Cluster(VirtualClock(time.time())), speed=10) as server:
        kubeconfig = server.write_kubeconfig(tmp_path / "kubeconfig")
        with (
            config.new_client_from_config(str(kubeconfig)) as api,
            ProcessKubelet(kubeconfig, tmp_path / "node") as kubelet,
        ):
            yield Bench(server, kubelet, client.CoreV1Api(api), client.BatchV1Api(api))


def terminated(pod: Any) -> Any:
    return pod.status.container_statuses[0].state.terminated


def test_every_index_runs_as_a_process_with_its_own_variables(bench: Bench) -> None:
    script = "import os; print(os.environ['JOB_COMPLETION_INDEX'], os.environ['WHO'])"
    environment = [
        {"name": "WHO", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['job-name']"}}}
    ]
    container = {
        "name": "main",
        "image": "yule",
        "command": ["python", "-c", script],
        "env": environment,
    }
    bench.create("", completions=3, parallelism=2, pod={"containers": [container]})

    assert bench.ended().type == "Complete"
    assert bench.job().status.completed_indexes == "0-2"
    logs = sorted(bench.log(pod.metadata.name) for pod in bench.pods())
    assert logs == ["0 j\n", "1 j\n", "2 j\n"]


def test_exit_codes_decide_between_retry_and_failure(bench: Bench) -> None:
    bench.create("import sys; sys.exit(65)")

    ended = bench.ended()

    assert (ended.type, ended.reason) == ("Failed", "FailedIndexes")
    assert [terminated(pod).exit_code for pod in bench.pods()] == [65]


def test_a_preempted_pod_exits_143_and_is_replaced_without_counting(bench: Bench) -> None:
    bench.create(PATIENT)
    first = bench.running()

    bench.kubelet.preempt(first)
    bench.until(lambda: len(bench.pods()) == 2)
    preempted = next(pod for pod in bench.pods() if pod.metadata.name == first)
    replacement = next(pod for pod in bench.pods() if pod.metadata.name != first)

    assert terminated(preempted).exit_code == 143
    assert "DisruptionTarget" in [each.type for each in preempted.status.conditions]
    counts = replacement.metadata.annotations
    assert counts["batch.kubernetes.io/job-index-failure-count"] == "0"
    assert counts["batch.kubernetes.io/job-index-ignored-failure-count"] == "1"


def test_a_killed_pod_counts_as_failed(bench: Bench) -> None:
    bench.create(PATIENT)

    killed = bench.running()
    bench.kubelet.kill(killed)
    bench.until(lambda: len(bench.pods()) == 2 and bench.running() != killed)

    first, second = bench.pods()
    if first.metadata.name != killed:
        first, second = second, first
    assert (terminated(first).exit_code, terminated(first).reason) == (137, "Error")
    assert not any(each.type == "DisruptionTarget" for each in first.status.conditions)
    failures = "batch.kubernetes.io/job-index-failure-count"
    assert second.metadata.annotations[failures] == "1"


def test_a_pod_that_outlives_its_own_deadline_fails(bench: Bench) -> None:
    bench.create(PATIENT, pod={"activeDeadlineSeconds": 1}, backoffLimitPerIndex=0)

    assert bench.ended().reason == "FailedIndexes"
    (pod,) = bench.pods()
    assert (pod.status.phase, pod.status.reason) == ("Failed", "DeadlineExceeded")


def test_a_starved_pod_is_reported_as_out_of_memory(bench: Bench) -> None:
    bench.create(PATIENT, backoffLimitPerIndex=0)

    bench.kubelet.starve(bench.running())

    assert bench.ended().reason == "FailedIndexes"
    (pod,) = bench.pods()
    assert (terminated(pod).exit_code, terminated(pod).reason) == (137, "OOMKilled")


def test_a_deleted_pod_gets_sigterm_then_sigkill_and_then_goes(bench: Bench) -> None:
    bench.create(STUBBORN, backoffLimitPerIndex=0, pod={"terminationGracePeriodSeconds": 1})
    name = bench.running()

    bench.core.delete_namespaced_pod(name, "default")

    assert bench.ended().reason == "FailedIndexes"
    bench.until(lambda: not bench.pods())


def test_a_deleted_job_leaves_no_process(bench: Bench) -> None:
    bench.create(PATIENT)
    bench.running()
    (process,) = [
        process
        for worker in bench.kubelet._workers.values()
        for process in worker._processes.values()
    ]

    bench.batch.delete_namespaced_job("j", "default", propagation_policy="Foreground")

    bench.until(lambda: not listed_jobs(bench))
    assert not bench.pods()
    assert process.wait(0) == 128 + signal.SIGTERM


def listed_jobs(bench: Bench) -> Any:
    return bench.batch.list_namespaced_job("default").items


def test_an_image_that_cannot_be_had_is_waited_for(bench: Bench) -> None:
    bench.kubelet.refused_images["nowhere"] = "ImagePullBackOff"
    container = {"name": "main", "image": "nowhere", "command": ["python", "-c", "print(1)"]}
    bench.create("", pod={"containers": [container]})

    def waiting() -> Any:
        pods = [pod for pod in bench.pods() if pod.status.container_statuses]
        return pods and pods[0].status.container_statuses[0].state.waiting

    assert bench.until(waiting).reason == "ImagePullBackOff"
    del bench.kubelet.refused_images["nowhere"]
    assert bench.ended().type == "Complete"


def test_a_command_that_is_not_there_fails_the_pod(bench: Bench) -> None:
    container = {"name": "main", "image": "yule", "command": ["/no/such/program"]}
    bench.create("", backoffLimitPerIndex=0, pod={"containers": [container]})

    bench.ended()

    (pod,) = bench.pods()
    assert (terminated(pod).exit_code, terminated(pod).reason) == (128, "StartError")
    assert "/no/such/program" in terminated(pod).message


def test_a_lost_node_leaves_its_pods_terminating(bench: Bench) -> None:
    bench.create(PATIENT, pod={"terminationGracePeriodSeconds": 1})
    name = bench.running()

    bench.kubelet.lose()
    bench.core.delete_namespaced_pod(name, "default")
    bench.server.cluster.advance(600)

    (pod,) = bench.pods()
    assert pod.metadata.deletion_timestamp is not None
    assert bench.job().status.terminating == 1


def test_init_containers_run_first_and_their_failure_is_the_pods(bench: Bench) -> None:
    init = {
        "name": "first",
        "image": "yule",
        "command": ["python", "-c", "import sys; sys.exit(3)"],
    }
    bench.create("print('never')", backoffLimitPerIndex=0, pod={"initContainers": [init]})

    assert bench.ended().reason == "FailedIndexes"
    (pod,) = bench.pods()
    assert pod.status.init_container_statuses[0].state.terminated.exit_code == 3
    assert terminated(pod) is None


def test_logs_are_followed_to_their_end_and_cut_as_asked(bench: Bench) -> None:
    script = "import time\nfor i in range(20): print('line', i, flush=True); time.sleep(0.02)"
    bench.create(script)
    name = bench.until(
        lambda: next(
            (pod.metadata.name for pod in bench.pods() if pod.status.phase != "Pending"), None
        )
    )

    lines = bench.log(name, follow=True).splitlines()

    assert lines == [f"line {i}" for i in range(20)]
    bench.ended()
    assert bench.log(name, tail_lines=2) == "line 18\nline 19\n"
    assert bench.log(name, limit_bytes=6) == "line 0"
    stamped = bench.log(name, timestamps=True, tail_lines=1)
    assert stamped.split(" ", 1)[1] == "line 19\n"


def test_last_words_become_the_termination_message_where_asked_for(bench: Bench) -> None:
    container = {
        "name": "main",
        "image": "yule",
        "command": ["python", "-c", "import sys; sys.exit('no such table')"],
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    bench.create("", backoffLimitPerIndex=0, pod={"containers": [container]})

    bench.ended()

    assert terminated(bench.pods()[0]).message == "no such table"
