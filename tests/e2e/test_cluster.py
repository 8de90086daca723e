"""A whole case on a simulated Kubernetes cluster, whose pods are real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shop import write_shop
from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet

IMAGE = "registry.example/yule@sha256:" + "a" * 64
RUN = """\
run:
  on: kubernetes
  cluster:
    image: {image}
    pools: [{{name: standard, cpu: 4, memory_gib: 8, spot: spot-with-escape}}]
    volumes: [{{claim: shared, path: {folder}}}]
"""


@pytest.fixture
def server() -> Iterator[ClusterServer]:
    with serve(Cluster(VirtualClock(time.time())), speed=50) as server:
        yield server


@pytest.fixture
def kubelet(server: ClusterServer, tmp_path: Path) -> Iterator[ProcessKubelet]:
    kubeconfig = server.write_kubeconfig(tmp_path / "kubeconfig")
    # Two cores of ours: as many pods at a time as the local run has workers.
    with ProcessKubelet(kubeconfig, tmp_path / "node", cpu=2) as kubelet:
        yield kubelet


def run(case: Path, **environment: str) -> dict[str, Any]:
    """Run a case; return what `yule run --json` prints."""
    command = [str(Path(sys.executable).with_name("yule")), "run", str(case), "--json"]
    variables = os.environ | environment
    done = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def predictions(printed: dict[str, Any]) -> dict[str, bytes]:
    """Return the published files, but for the manifest, which names the run."""
    folder = Path(printed["paths"]["predictions"])
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".parquet"}


@pytest.mark.slow
def test_a_case_on_a_cluster_predicts_the_same_bytes_as_here(
    server: ClusterServer, kubelet: ProcessKubelet, tmp_path: Path
) -> None:
    here, there = write_shop(tmp_path / "here"), write_shop(tmp_path / "there")
    text = there.read_text() + RUN.format(image=IMAGE, folder=tmp_path)
    there.write_text(text)

    on_the_cluster = run(there, KUBECONFIG=str(tmp_path / "kubeconfig"))

    local = run(here)
    assert predictions(local)
    assert predictions(on_the_cluster) == predictions(local)
    assert on_the_cluster["model_version"] == local["model_version"]
    again = run(there, KUBECONFIG=str(tmp_path / "kubeconfig"))
    assert predictions(again) == predictions(local)
