"""What a driver in the cluster is given, and what cannot be left to one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from gokart_store import open_store
from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.detached import start_detached, unpacked
from yule_cli.errors import CaseError
from yule_cli.preparation import prepare
from yule_cli.state import State

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


def pack(store: Path, files: dict[str, str], name: str | None = None) -> str:
    content = json.dumps(files, sort_keys=True).encode()
    key = f"cases/{name or hashlib.sha256(content).hexdigest()}.json"
    open_store(store).write_bytes(key, content)
    return key


def test_a_case_comes_out_of_the_store_with_its_catalogue(tmp_path: Path) -> None:
    key = pack(tmp_path, {"case.yaml": "case: a\n", "catalog.yaml": "tables: {}\n"})

    path = unpacked(str(tmp_path), key)

    assert path.read_text() == "case: a\n"
    assert (path.parent / "catalog.yaml").read_text() == "tables: {}\n"


def test_another_case_under_the_name_is_refused(tmp_path: Path) -> None:
    key = pack(tmp_path, {"case.yaml": "", "catalog.yaml": ""}, name="0" * 64)
    with pytest.raises(CaseError, match="is not the case that the driver was started for"):
        unpacked(str(tmp_path), key)


def test_a_case_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="is not the case"):
        unpacked(str(tmp_path), "cases/1.json")
