"""1,000 shards on a simulated cluster: requests, beside one Job per task; memory; waiting."""

from __future__ import annotations

import json
import resource
import threading
import time

from harness import Result, say
from harness.clusters import cluster
from harness.factories import installed_factory
from reference.job_per_task import run_jobs
from yule_runner import GraphSource, load_graph, plan, run_graph
from yule_runner.kubernetes import ClusterSettings, KubernetesExecutor, Pool
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.rendering import render

_SHARDS = 1000
_MOST_REQUESTS, _MOST_BYTES, _MOST_MIB = 100, 100_000, 300
_MOST_SHARE_WAITING = 0.05
_SAMPLE_S = 0.5
_IMAGE = "registry.example/shop@sha256:" + "a" * 64


def measure() -> Result:
    """Run both on the same simulator, which counts."""
    with (
        installed_factory("trivial", "reference.trivial_tasks:build") as folder,
        cluster("instant_cluster", str(folder)) as ask,
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
        with (
            _Meter() as meter,
            KubernetesExecutor(
                settings, connect=lambda: connect(folder / "kubeconfig-ours")
            ) as executor,
        ):
            done = run_graph(source, executor=executor, orders=folder / "orders")
        seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu_s
        assert len(done.computed) == _SHARDS + 1
        memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seen = ask()
        ours = seen["ours"]
        waiting = meter.share(seen["held_from"], seen["held_until"])
        say(f"Ours: {ours} requests in {seconds:.0f} s, {memory_mib:.0f} MiB; now the reference.")
        run_jobs(folder / "kubeconfig-reference", _SHARDS)
        reference = ask()["reference"]
    return Result(
        ours=ours,
        reference=reference,
        unit="requests",
        goal=f"below {_MOST_REQUESTS} of 100 kB, in {_MOST_MIB} MiB, waiting by 5 % of a core",
        is_met=ours < _MOST_REQUESTS
        and largest < _MOST_BYTES
        and memory_mib < _MOST_MIB
        and waiting < _MOST_SHARE_WAITING,
        details={
            "shards": _SHARDS,
            "seconds": seconds,
            "driver_cpu_s": cpu_s,
            "core_share_while_waiting": waiting,
            "waited_s": seen["held_until"] - seen["held_from"],
            "driver_memory_mib": memory_mib,
            "largest_request_bytes": largest,
        },
    )


class _Meter(threading.Thread):
    """Notes the CPU seconds of this process again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._samples: list[tuple[float, float]] = []
        self._is_over = threading.Event()

    def run(self) -> None:
        """Note them until the end."""
        while not self._is_over.wait(_SAMPLE_S):
            self._samples.append((time.time(), time.process_time()))

    def share(self, start: float, end: float) -> float:
        """Return how much of a core was busy between two times of the wall clock."""
        inside = [sample for sample in self._samples if start <= sample[0] <= end]
        (first_s, first_cpu_s), (last_s, last_cpu_s) = inside[0], inside[-1]
        return (last_cpu_s - first_cpu_s) / (last_s - first_s)

    def __enter__(self) -> _Meter:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self.join()
