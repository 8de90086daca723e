"""What a driver in the cluster is given, and what cannot be left to one."""

from __future__ import annotations

from pathlib import Path

import pytest
from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.detached import start_detached
from yule_cli.errors import CaseError
from yule_cli.preparation import prepare
from yule_cli.state import State
from yule_runner.kubernetes.errors import ClusterError

CLUSTER = """\
run:
  on: kubernetes
  cluster:
    image: registry.example/yule@sha256:{digest}
    pools: [{{name: standard, cpu: 4, memory_gib: {memory_gib}}}]
    volumes: [{{claim: shared, path: {folder}}}]
"""


def on_a_cluster(case: Path, memory_gib: int = 8) -> Path:
    lines = CLUSTER.format(digest="a" * 64, folder=case.parent, memory_gib=memory_gib)
    case.write_text(case.read_text() + lines)
    return case


def test_a_detached_run_needs_a_server_to_track_to(case: Path) -> None:
    with pytest.raises(CaseError, match=r"`tracking.uri` would be an SQLite file.*MLflow server"):
        start_detached(*load_case(on_a_cluster(case)))


def test_a_local_case_has_no_driver(case: Path) -> None:
    with pytest.raises(CaseError, match=r"`run.on` is not `kubernetes`"):
        start_detached(*load_case(case))


def test_tasks_that_fit_on_no_pool_are_named_before_anything_is_sent(case: Path) -> None:
    with pytest.raises(CaseError, match="TrainFold fits on no node pool: it needs 3 GiB"):
        prepare(*load_case(on_a_cluster(case, memory_gib=2)))


def test_the_latest_run_on_a_cluster_is_found_and_not_that_of_a_namesake(tmp_path: Path) -> None:
    state = State(root=tmp_path)
    runs = [
        ClusterRun(run=f"{case}-{place}", selector="a=b", store="s", namespace="n", context=None)
        for place, case in enumerate(("shop", "shop-2"))
    ]
    with pytest.raises(CaseError, match="No run of the case shop on a cluster is known"):
        ClusterRun.latest(state, "shop")
    for run, case in zip(runs, ("shop", "shop-2"), strict=True):
        run.write(state.new_run(case))
    state.new_run("shop")  # a local one

    assert ClusterRun.latest(state, "shop") == runs[0]
    assert ClusterRun.latest(state, "shop-2") == runs[1]


def tracked(case: Path, secret: str) -> Path:
    case = on_a_cluster(case)
    uri = f"https://me:${{{secret}}}@mlflow.example"
    case.write_text(f"{case.read_text()}tracking: {{uri: '{uri}'}}\n")
    return case


def test_a_secret_of_this_machine_is_refused_before_anything_is_sent(
    case: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "s3cret")
    text, password = case.read_text(), tmp_path_factory.mktemp("elsewhere") / "password"
    password.write_text("s3cret")
    for secret in ("env:PASSWORD", f"file:{password}"):
        case.write_text(text)
        with pytest.raises(CaseError, match=rf"`tracking.uri` names the secret \${{{secret}}}, wh"):
            start_detached(*load_case(tracked(case, secret)))


def test_a_secret_on_a_shared_volume_is_no_hindrance(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case.parent / "password").write_text("s3cret")
    monkeypatch.setenv("KUBECONFIG", str(case.parent / "none"))
    with pytest.raises(ClusterError, match="There is no way to a cluster"):
        start_detached(*load_case(tracked(case, "file:password")))
