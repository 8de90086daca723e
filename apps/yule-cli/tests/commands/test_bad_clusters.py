"""What is wrong with a cluster, or asked of it in vain: what `yule run` says, and its exit code."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner
from yule_cli.main import app
from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.driving import START_S
from yule_runner.testing.kubernetes import Cluster, ClusterServer, Role, VirtualClock, serve
from yule_runner.testing.kubernetes.http.discovery import _VERSION
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet
from yule_runner.testing.kubernetes.resources import BY_KIND

Run = Callable[..., Result]

BADGE = "what this user shows"
IMAGE = "registry.example/yule@sha256:" + "a" * 64


@pytest.fixture
def server(case: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClusterServer]:
    with serve(Cluster(VirtualClock(time.time())), speed=50) as server:
        server.access.add("me", BADGE, Role())
        server.write_kubeconfig(case.parent / "admin")
        kubeconfig = server.write_kubeconfig(case.parent / "kubeconfig", token=BADGE)
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        yield server


@pytest.fixture
def run(case: Path) -> Run:
    """Run a command on a case with some changes, of which `cluster` changes `run.cluster`."""

    def call(*words: str, cluster: dict[str, Any] | None = None, **changes: Any) -> Result:
        described = {
            "image": IMAGE,
            "pools": [{"name": "standard", "cpu": 4, "memory_gib": 8}],
            "volumes": [{"claim": "shared", "path": str(case.parent)}],
        }
        fields = yaml.safe_load(case.read_text()) | {
            "tracking": {"uri": "http://127.0.0.1:9"},
            "run": {"on": "kubernetes", "cluster": described | (cluster or {})},
        }
        case.write_text(yaml.safe_dump(fields | changes, allow_unicode=True))
        return CliRunner().invoke(app, [*(words or ["run"]), str(case)])

    return call


@pytest.fixture
def kubelet(server: ClusterServer, case: Path) -> Iterator[ProcessKubelet]:
    with ProcessKubelet(case.parent / "admin", case.parent / "node") as kubelet:
        yield kubelet


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for seconds where people wait for minutes."""
    quick = partial(Patience, image_s=0.3, unschedulable_s=0.3)
    monkeypatch.setattr("yule_cli.attaching.Patience", quick)
    monkeypatch.setattr("yule_cli.leaving.PATIENCE", Patience(image_s=0.3))
    monkeypatch.setattr("yule_cli.leaving._STAYS_S", 0.3)
    for module in ("attaching", "leaving", "stalling"):
        monkeypatch.setattr(f"yule_cli.{module}._POLL_S", 0.05)


def check(done: Result, code: int, *words: str) -> None:
    assert done.exit_code == code, done.output
    for each in words:
        assert each in done.stderr
    assert "Traceback" not in done.stderr


def until(ready: Callable[[], bool]) -> None:
    """Wait for something to be true."""
    end = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_no_kubeconfig(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(case.parent / "none"))
    check(run(), 3, "There is no way to a cluster", "Set KUBECONFIG, or name a context")


def test_a_context_that_is_not_there(run: Run, server: ClusterServer) -> None:
    check(run(cluster={"context": "mars"}), 3, "mars", "`kubectl config get-contexts` lists")


def test_expired_credentials(run: Run, server: ClusterServer) -> None:
    server.access.revoke(BADGE)
    check(run(), 3, "does not accept the credentials", "Log in again")


@pytest.mark.parametrize("verb", ["list", "create"])
def test_a_forbidden_verb_is_named(run: Run, server: ClusterServer, verb: str) -> None:
    verbs = tuple({"get", "list", "watch", "create", "patch", "delete"} - {verb})
    server.access.add("me", BADGE, Role(verbs=verbs))
    check(run(), 3, f'User "me" cannot {verb} resource "jobs"', "Give the account that verb")


def test_a_missing_namespace(run: Run, server: ClusterServer) -> None:
    done = run(cluster={"namespace": "nowhere"})
    check(done, 3, "Create the namespace nowhere, or name another one")


@pytest.mark.parametrize("reason", ["InvalidImageName", "ImagePullBackOff"])
def test_an_image_that_does_not_exist(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet, hurried: None, reason: str
) -> None:
    kubelet.refused_images[IMAGE] = reason
    check(run(), 3, "was given up", IMAGE, reason)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("reason", "limit"), [("InvalidImageName", "0"), ("ImagePullBackOff", "0.3")]
)
def test_an_image_that_does_not_exist_is_told_before_a_driver_is_left(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet, reason: str, limit: str
) -> None:
    kubelet.refused_images[IMAGE] = reason
    check(run("run", "--detach"), 3, "The driver waits", reason, f"given up after {limit} s")
    assert not server.cluster.store.objects(BY_KIND["Job"])


def test_a_driver_that_never_starts_is_ended_and_that_is_said(
    run: Run, server: ClusterServer, hurried: None, case: Path
) -> None:
    left = run("run", "--detach")
    assert left.exit_code == 0, left.output
    assert "The driver waits: no node can take the pod now" in left.stderr
    with ProcessKubelet(case.parent / "admin", case.parent / "node") as kubelet:
        kubelet.refused_images[IMAGE] = "ImagePullBackOff"
        until(lambda: "cannot be pulled (ImagePullBackOff)" in run("status").stdout)

        server.cluster.advance(START_S)

        until(lambda: "was ended by the cluster" in run("status").stdout)
    said = run("status").stdout
    assert "because it had not started after 2100 s: look whether its image exists" in said
    assert f'The cluster said: Failed to pull image "{IMAGE}": not found' in said
    logs = run("logs", "--follow")
    assert (logs.exit_code, logs.stdout) == (0, "")
    assert "because it had not started after 2100 s" in logs.stderr
    (row,) = json.loads(run("status", "--json").stdout)["jobs"]
    assert (row["state"], row["is_unstarted"]) == ("failed", True)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("ahead_s", "side"), [(3600, "behind"), (-3600, "ahead of")])
def test_a_clock_that_is_an_hour_off_is_told_and_hurries_nothing(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet, ahead_s: int, side: str
) -> None:
    server.clock_ahead_s = ahead_s
    server.cluster.advance(max(ahead_s, 0))
    kubelet.refused_images[IMAGE] = "ImagePullBackOff"
    done = run()
    check(done, 3, f"s {side} that of the cluster: set it by NTP", "given up after 0.3 s")
    assert 3590 <= int(done.stderr.partition("this machine is ")[2].split()[0]) <= 3610
    server.access.revoke(BADGE)
    check(run(), 3, "does not accept the credentials", "set it by NTP, or credentials may be")


def test_a_clock_that_is_an_hour_off_is_told_by_a_driver_on_this_machine(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet
) -> None:
    server.clock_ahead_s = 3600
    kubelet.refused_images[IMAGE] = "InvalidImageName"
    done = run("run", "--here", tracking={"uri": "sqlite:///mlflow.db"})
    check(done, 3, "behind that of the cluster: set it by NTP", "cannot be used (InvalidImageName)")
    assert done.stderr.count("set it by NTP") == 1


def test_a_pool_without_nodes(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet, hurried: None
) -> None:
    pool = {"name": "far", "cpu": 4, "memory_gib": 8, "node_selector": {"pool": "far"}}
    done = run(cluster={"pools": [pool]})
    check(done, 3, "The driver waits: no node can take the pod now", "given up after 0.3 s")


def test_a_pool_of_an_unknown_kind_or_without_room(run: Run, server: ClusterServer) -> None:
    pool = {"name": "standard", "cpu": 4, "memory_gib": 8}
    check(run(cluster={"pools": [pool | {"spot": "cheap"}]}), 2, "run.cluster.pools[0].spot")
    check(run(cluster={"pools": [pool | {"gpus": 1}]}), 2, "run.cluster.pools[0].gpus", "`gpu`")
    done = run(cluster={"pools": [pool | {"memory_gib": 1}]})
    check(done, 2, "TrainFold fits on no node pool: it needs 3 GiB", "standard is the nearest")


@pytest.mark.parametrize("name", ["x" * 200, "東京の顧客"])
def test_a_long_and_a_foreign_name(run: Run, server: ClusterServer, name: str) -> None:
    check(
        run(case=name),
        2,
        "`case` is not valid: use letters of English, digits, - and _, at most 63",
    )


def test_the_longest_name_gives_names_that_a_cluster_takes(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet
) -> None:
    name = "x" * 63
    done = run("run", "--detach", case=name)
    assert done.exit_code == 0, done.output
    (job,) = server.cluster.store.objects(BY_KIND["Job"])
    assert len(job["metadata"]["name"]) <= 63
    jobs = list(yaml.safe_load_all(run("render", case=name).stdout))
    assert max(len(each["metadata"]["labels"]["yule.dev/run"]) for each in jobs) <= 63


def test_an_sqlite_file_for_tracking(run: Run, server: ClusterServer) -> None:
    done = run(tracking={"uri": "sqlite:///mlflow.db"})
    check(done, 2, "`tracking.uri` would be an SQLite file", "name an MLflow server", "--here")


def test_a_cluster_that_is_too_old(
    run: Run, server: ClusterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_VERSION, "gitVersion", "v1.30.2-gke.7")
    check(run(), 2, "runs Kubernetes 1.30", "`spec.backoffLimitPerIndex` is not stable before")


def test_a_store_that_pods_cannot_write(
    run: Run, server: ClusterServer, kubelet: ProcessKubelet, hurried: None, case: Path
) -> None:
    # Where pods keep what they leave there is a file: as root, tests may write everywhere.
    side = case.parent / ".yule/store/side"
    side.mkdir(parents=True)
    (side / "pods").touch()
    check(run(), 3, "The store", "cannot be written to", "Make the folder writable")
