"""A case on a simulated Kubernetes cluster that is driven from this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from shop import write_shop
from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet
from yule_runner.testing.kubernetes.resources import BY_KIND

IMAGE = "registry.example/yule@sha256:" + "a" * 64
RUN = """\
run:
  on: kubernetes
  cluster:
    image: {image}
    pools: [{{name: standard, cpu: 4, memory_gib: 8, spot: spot-with-escape}}]
    volumes: [{{claim: shared, path: {folder}}}]
"""
# What makes the shop's case smaller.
SMALLER = (
    ("  - {name: large, kind: gbdt, params: {num_leaves: 8, rounds: 20}}\n", ""),
    ("  - {name: visits, method: event_windows, table: visits, windows: [14d, all]}\n", ""),
    ("folds: 3", "folds: 2"),
    ("shards: 2", "shards: 1"),
    ("baselines: [constant]", "baselines: []"),
)


@pytest.fixture
def server() -> Iterator[ClusterServer]:
    with serve(Cluster(VirtualClock(time.time())), speed=50) as server:
        yield server


@pytest.fixture
def kubelet(server: ClusterServer, tmp_path: Path) -> Iterator[ProcessKubelet]:
    kubeconfig = server.write_kubeconfig(tmp_path / "kubeconfig")
    # Room for a driver, and for as many pods at a time as the local run has workers.
    with ProcessKubelet(kubeconfig, tmp_path / "node", cpu=3) as kubelet:
        yield kubelet


def yule(*arguments: str | Path, kubeconfig: Path | None = None) -> str:
    """Run the command; return what it prints."""
    command = [str(Path(sys.executable).with_name("yule")), *map(str, arguments)]
    variables = os.environ | ({"KUBECONFIG": str(kubeconfig)} if kubeconfig else {})
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def small_shop(folder: Path) -> Path:
    """Write the shop's case with fewer tasks: each pod is a process that starts."""
    case = write_shop(folder)
    text = case.read_text()
    for before, after in SMALLER:
        assert before in text
        text = text.replace(before, after)
    case.write_text(text)
    return case


def on_the_cluster(folder: Path) -> Path:
    """Write the shop's case for the cluster; return its file."""
    case = small_shop(folder)
    on_cluster = RUN.format(image=IMAGE, folder=folder.parent)
    case.write_text(case.read_text().replace("run: {workers: 1}\n", on_cluster))
    return case


@pytest.mark.slow
def test_ctrl_c_leaves_the_jobs_and_cancel_ends_them(
    server: ClusterServer, kubelet: ProcessKubelet, tmp_path: Path
) -> None:
    case, kubeconfig = on_the_cluster(tmp_path / "there"), tmp_path / "kubeconfig"
    # Pods wait, so that none has ended before the run is cancelled.
    kubelet.refused_images[IMAGE] = "ImagePullBackOff"
    command = [str(Path(sys.executable).with_name("yule")), "run", str(case), "--here"]
    variables = os.environ | {"KUBECONFIG": str(kubeconfig)}
    with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE) as process:
        until(lambda: objects(server, "Pod"))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode == 130
    assert objects(server, "Job")
    said = yule("cancel", case, kubeconfig=kubeconfig)
    assert "ended   yule-" in said
    assert not objects(server, "Job")
    assert not objects(server, "Pod")


def objects(server: ClusterServer, kind: str) -> list[Any]:
    """Return the objects of a kind that have not ended."""
    with server.cluster.lock:
        found = server.cluster.store.objects(BY_KIND[kind])
    return [each for each in found if "completionTime" not in each.get("status", {})]


def until(ready: Callable[[], Any]) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + 400
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)
