"""1,000 shards on a simulated cluster: requests to the API server, beside one Job per task."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from harness import Result, say
from harness.factories import installed_factory
from reference.job_per_task import run_jobs
from yule_runner import GraphSource, load_graph, plan, run_graph
from yule_runner.kubernetes import ClusterSettings, KubernetesExecutor, Pool
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.rendering import render

_SHARDS = 1000
_MOST_REQUESTS, _MOST_BYTES, _MOST_MIB = 100, 100_000, 300
_IMAGE = "registry.example/shop@sha256:" + "a" * 64


def measure() -> Result:
    """Run both on the same simulator, which counts."""
    with (
        installed_factory("trivial", "reference.trivial_tasks:build") as folder,
        _cluster(folder) as ask,
    ):
        store = str(folder / "store")
        source = GraphSource(factory="trivial", arguments={"count": _SHARDS, "store": store})
        settings = ClusterSettings(
            run="shards",
            namespace="default",
            image=_IMAGE,
            store=store,
            pools=(Pool(name="standard", cpu=8, memory_gib=32),),
        )
        groups = plan(load_graph(source), lambda _: False).groups
        jobs = render(groups, source=source, settings=settings)
        largest = max(len(json.dumps(job).encode()) for job in jobs)
        started, cpu_s = time.perf_counter(), time.process_time()
        with KubernetesExecutor(
            settings, connect=lambda: connect(folder / "kubeconfig-ours")
        ) as executor:
            done = run_graph(source, executor=executor, orders=folder / "orders")
        seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu_s
        assert len(done.computed) == _SHARDS + 1
        memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        ours = ask()["ours"]
        say(f"Ours: {ours} requests in {seconds:.0f} s, {memory_mib:.0f} MiB; now the reference.")
        run_jobs(folder / "kubeconfig-reference", _SHARDS)
        reference = ask()["reference"]
    return Result(
        ours=ours,
        reference=reference,
        unit="requests",
        goal=f"below {_MOST_REQUESTS}, each below 100 kB, in at most {_MOST_MIB} MiB",
        is_met=ours < _MOST_REQUESTS and largest < _MOST_BYTES and memory_mib < _MOST_MIB,
        details={
            "shards": _SHARDS,
            "seconds": seconds,
            "driver_cpu_s": cpu_s,
            "driver_memory_mib": memory_mib,
            "largest_request_bytes": largest,
        },
    )


@contextmanager
def _cluster(folder: Path) -> Iterator[_Ask]:
    command = [sys.executable, "-P", "-m", "reference.instant_cluster", str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield _Ask(process.stdin, process.stdout)
        finally:
            process.stdin.close()


class _Ask:
    """Asks the cluster how many requests each user has sent."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions, self._answers = questions, answers

    def __call__(self) -> dict[str, int]:
        self._questions.write("\n")
        self._questions.flush()
        counts: dict[str, int] = json.loads(self._answers.readline())
        return counts
