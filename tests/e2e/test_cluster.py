"""A whole case on a simulated Kubernetes cluster, whose pods are real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from shop import write_shop
from yule_cli.config import load_case
from yule_cli.detached import launch
from yule_cli.preparation import prepare
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


def run(case: Path, **options: Any) -> dict[str, Any]:
    """Run a case; return what `yule run --json` prints."""
    printed: dict[str, Any] = json.loads(yule("run", case, "--json", **options))
    return printed


def predictions(printed: dict[str, Any]) -> dict[str, bytes]:
    """Return the published files, but for the manifest, which names the run."""
    folder = Path(printed["paths"]["predictions"])
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".parquet"}


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
@pytest.mark.timeout(900)
def test_a_driver_in_the_cluster_predicts_the_same_bytes_as_this_machine(
    server: ClusterServer,
    kubelet: ProcessKubelet,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, kubeconfig = on_the_cluster(tmp_path / "there"), tmp_path / "kubeconfig"
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    rendered = list(yaml.safe_load_all(yule("render", there)))
    tasks = sum(job["spec"]["completions"] for job in rendered)
    case, document = load_case(there)
    assert case.run.cluster is not None

    # As `yule run --detach`, which refuses to track into an SQLite file: this one is shared.
    driver = launch(prepare(case, document), case.run.cluster, document)

    assert driver.is_new
    until(
        lambda: not [job for job in objects(server, "Job") if driver.job == job["metadata"]["name"]]
    )
    local = run(small_shop(tmp_path / "here"))
    (summary,) = (there.parent / ".yule/runs").glob("*/run.json")
    first = json.loads(summary.read_text())
    assert predictions(local)
    assert predictions(first) == predictions(local)
    assert first["model_version"] == local["model_version"]
    status = json.loads(yule("status", there, "--json"))
    assert {job["state"] for job in status["jobs"]} == {"done"}
    assert sum(job["indexes"] for job in status["jobs"]) == tasks + 1
    assert sum(" starts" in line for line in yule("logs", there, "TrainFold").splitlines()) == 2
    assert "Publishing, reporting and tracking." in yule("logs", there, "driver")


@pytest.mark.slow
def test_ctrl_c_leaves_the_jobs_and_cancel_ends_them(
    server: ClusterServer, kubelet: ProcessKubelet, tmp_path: Path
) -> None:
    case, kubeconfig = on_the_cluster(tmp_path / "there"), tmp_path / "kubeconfig"
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
