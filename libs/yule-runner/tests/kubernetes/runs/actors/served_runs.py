"""A served cluster with a store, and what tests ask of it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kubernetes import client
from run_drivers import Driver
from yule_runner import GraphSource, RunPlanned
from yule_runner.kubernetes import (
    ClusterSettings,
    KubernetesExecutor,
    Patience,
    Pool,
    Toleration,
)
from yule_runner.kubernetes.connecting import connect

__all__ = ["OURS", "PATIENCE_S", "REAL", "Runs"]

Json = dict[str, Any]

IMAGE = "registry.example/shop@sha256:" + "a" * 64
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
        driver = Driver(
            self,
            source,
            self.executor(**changes),
            retries=retries,
            orders=self.bench.folder / "orders",
            patience_s=PATIENCE_S,
        )
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
