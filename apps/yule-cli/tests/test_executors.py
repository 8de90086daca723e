"""What a case may ask of a cluster, and what of it is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.executors import check_cluster, executor_for
from yule_cli.preparation import prepare
from yule_cli.state import State
from yule_runner.kubernetes.errors import ClusterError

IMAGE = "registry.example/yule@sha256:" + "a" * 64
CASE = """\
case: small
warehouse: duckdb:data
catalog: catalog.yaml
labels: {table: labels, entity: user, as_of: at, horizon: 30d, targets: {bought: binary}}
score: {population: visits}
"""
POOL = "{name: standard, cpu: 4, memory_gib: 8}"

Check = Callable[[str], None]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check a case with these last lines."""

    def run(lines: str) -> None:
        path = tmp_path / "case.yaml"
        path.write_text(CASE + lines.replace("HERE", str(tmp_path)).replace("IMAGE", IMAGE))
        case, document = load_case(path)
        check_cluster(case, document, State.of(case, document))

    return run


def test_a_case_on_shared_volumes_is_fine(check: Check) -> None:
    check(
        "run: {on: kubernetes, cluster: {image: IMAGE, "
        f"pools: [{POOL}], volumes: [{{claim: shared, path: HERE}}]}}}}"
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("run: {on: kubernetes}", r"case.yaml:6: `run` describes no `cluster`"),
        (
            f"run: {{cluster: {{image: IMAGE, pools: [{POOL}]}}}}",
            "`run` has a `cluster`, but runs `local`",
        ),
        (
            f"run: {{on: kubernetes, cluster: {{image: 'yule:latest', pools: [{POOL}]}}}}",
            r"`run.cluster.image` is not valid",
        ),
        (
            "run: {on: kubernetes, cluster: {image: IMAGE, pools: []}}",
            "`run.cluster.pools` is not valid",
        ),
        (
            "run: {on: kubernetes, cluster: {image: IMAGE, pools: [{name: a, cpu: 1, "
            "memory_gib: 1, requirements: [{key: zone}]}]}}",
            "`run.cluster.pools` cannot be: The requirement on label 'zone'",
        ),
        (
            f"run: {{on: kubernetes, cluster: {{image: IMAGE, pools: [{POOL}]}}}}",
            r"`run.on` keeps results in .*\.yule, which no pod sees",
        ),
        (
            f"run: {{on: kubernetes, cluster: {{image: IMAGE, pools: [{POOL}]}}}}",
            "`warehouse` is .*/data, which no pod sees: use duckdb:gs://",
        ),
        (
            "publish: {table: scores, warehouse: 'duckdb:/elsewhere'}\n"
            f"run: {{on: kubernetes, cluster: {{image: IMAGE, pools: [{POOL}], "
            "volumes: [{claim: shared, path: HERE}]}}",
            "`publish.warehouse` is /elsewhere, which no pod sees: use bigquery://",
        ),
    ],
)
def test_what_no_pod_could_do_is_refused(check: Check, lines: str, message: str) -> None:
    with pytest.raises(CaseError, match=message):
        check(lines)


def test_a_run_remembers_its_context_even_where_its_driver_needs_none(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = f"image: {IMAGE}, context: far, pools: [{POOL}]"
    volumes = f"volumes: [{{claim: shared, path: {case.parent}}}]"
    run = f"run: {{on: kubernetes, cluster: {{{cluster}, {volumes}}}}}\n"
    case.write_text(case.read_text() + run)
    # As in a pod that is a driver.
    monkeypatch.setenv("YULE_OWNER_NAME", "yule-driver-g1")
    monkeypatch.setenv("YULE_OWNER_UID", "7")
    monkeypatch.setenv("KUBECONFIG", str(case.parent / "none"))
    prepared = prepare(*load_case(case))

    with pytest.raises(ClusterError, match="There is no way to a cluster"):
        executor_for(prepared, prepared.state.new_run("shop"))
    assert ClusterRun.latest(prepared.state, "shop").context == "far"
