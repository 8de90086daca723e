"""Runs on a cluster over HTTP, with a kubelet, or with the test in a kubelet's place.

The cluster is simulated, or the one that a kubeconfig names: set YULE_TEST_KUBECONFIG to its path.
The user must be an administrator, for the tests bring nodes of their own; what they make lies in
the namespace `default`. What needs a fault or a count that only the simulated one has is marked
`simulator`, and skipped elsewhere.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client, config
from yule_runner.testing.kubernetes import Cluster, VirtualClock, serve

sys.path.insert(0, str(Path(__file__).parent / "actors"))

from kubelet_hands import Hands
from served_runs import REAL, Runs

DRIVER = "what the driver shows"


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
            each.stop()


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
