"""A case that is left to the cluster: a bucket, an MLflow server, and drivers in real pods."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from gokart_store import Store, open_store
from gokart_store.testing.gcs_emulator import gcs_emulator
from started import YULE
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tracking_server import mlflow_server, tracked_runs
from variants import change, prediction_bytes, predictions, quick_shop, table
from yule_runner.testing.kubernetes import Cluster, ClusterServer, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet
from yule_runner.testing.kubernetes.resources import BY_KIND

pytestmark = pytest.mark.slow

URL = "gs://cases/team a"
IMAGE = "registry.example/yule@sha256:" + "a" * 64
PATIENCE_S = 400.0


@dataclass
class There:
    """A case on a cluster.

    Attributes:
        case: Its file.
        server: The cluster.
        kubelet: Its node.
        tracking: URL of the MLflow server.
    """

    case: Path
    server: ClusterServer
    kubelet: ProcessKubelet
    tracking: str

    @property
    def store(self) -> Store:
        return open_store(URL)

    def yule(self, *words: str) -> str:
        """Run a command on the case; return what it prints."""
        with self.start(*words) as process:
            printed, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
        return printed

    def start(self, command: str, *words: str) -> subprocess.Popen[str]:
        """Start a command on the case."""
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [YULE, command, self.case, *words], stdout=pipe, stderr=pipe, text=True
        )

    def objects(self, kind: str) -> list[Any]:
        """Return the names of all objects of a kind that have not ended."""
        with self.server.cluster.lock:
            found = self.server.cluster.store.objects(BY_KIND[kind])
        return [
            each["metadata"]["name"]
            for each in found
            if "completionTime" not in each.get("status", {})
            and each.get("status", {}).get("phase") not in ("Succeeded", "Failed")
        ]

    def driver(self) -> str:
        """Return the name of the driver's pod."""
        return next((name for name in self.objects("Pod") if "driver" in name), "")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """The shop on a cluster whose pods, like this machine, see a bucket and an MLflow server."""
    folder = tmp_path_factory.mktemp("there")
    case = quick_shop(folder / "shop")
    with (
        gcs_emulator("cases") as address,
        mlflow_server(tmp_path_factory.mktemp("mlflow")) as tracking,
        serve(Cluster(VirtualClock(time.time())), speed=50) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        kubeconfig = server.write_kubeconfig(folder / "kubeconfig")
        patch.setenv("KUBECONFIG", str(kubeconfig))
        patch.setenv("STORAGE_EMULATOR_HOST", address)
        patch.setenv("GOKART_STORE_CACHE", str(folder / "this machine"))
        node = {"STORAGE_EMULATOR_HOST": address, "GOKART_STORE_CACHE": str(folder / "the node")}
        cluster = {
            "image": IMAGE,
            "pools": [{"name": "standard", "cpu": 4, "memory_gib": 8}],
            # The warehouse, of predictions too, is on a volume; the store is not.
            "volumes": [{"claim": "shared", "path": str(case.parent / "data")}],
        }
        change(
            case,
            lambda fields: fields.update(
                store=URL,
                tracking={"uri": tracking},
                run={"on": "kubernetes", "cluster": cluster},
                publish={"table": "scores"},
                score=fields["score"] | {"shards": 1},
                models=fields["models"][:1],
                features=fields["features"][:1],
                baselines=[],
            ),
        )
        # Of two cores the driver takes one: one task at a time, which leaves the tests the other.
        with ProcessKubelet(kubeconfig, folder / "node", cpu=2, environment=node) as kubelet:
            yield There(case, server, kubelet, tracking)


def until(ready: Callable[[], Any]) -> Any:
    """Wait for something to be true."""
    end = time.monotonic() + PATIENCE_S
    while not (found := ready()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read what a command prints until it says something."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    assert process.stderr is not None
    raise AssertionError(f"It ended without {words!r}: {process.stderr.read()}")


@cache
def last_step_of(curve: Path, size: int) -> int:
    """Return the last step of a learning curve, read once for each size of its file."""
    scalars = EventAccumulator(str(curve)).Reload()
    names = scalars.Tags()["scalars"]
    return max((each.step for name in names for each in scalars.Scalars(name)), default=0)


@pytest.mark.timeout(900)
def test_a_run_is_left_and_found_again_and_predicts_what_this_machine_does(
    there: There, tmp_path: Path, yule: Callable[[Path], dict[str, Any]]
) -> None:
    printed = there.yule("run", "--detach")
    job = printed.split()[0]
    assert printed == f"{job} is started.\n"
    with there.start("logs", "--follow") as logs, there.start("run") as attached:
        read_until(attached, f"{job} is at work already.")
        read_until(attached, "tasks to compute, 0 in the cache.")
        (row,) = json.loads(there.yule("status", "--json"))["jobs"][:1]
        assert (row["name"], row["state"], row["running"]) == (job, "running", 1)

        attached.send_signal(signal.SIGINT)
        _, said = attached.communicate(timeout=60)
        assert attached.returncode == 130
        assert "yule cancel" in said

        # The driver's node goes: another pod of its Job goes on with the same resolved case.
        there.kubelet.preempt(there.driver())
        again = there.yule("run")
        assert f"{job} is at work already." in again
        assert "Publishing, reporting and tracking." in again
        lines, _ = logs.communicate(timeout=60)

    assert logs.returncode == 0
    assert [line for line in lines.splitlines() if "TrainFold" in line and "starts" in line]
    assert len(lines.splitlines()) == len(there.yule("logs").splitlines())
    status = json.loads(there.yule("status", "--json"))
    assert {row["state"] for row in status["jobs"]} == {"done"}
    assert [row["name"] for row in status["jobs"] if row["component"] == "driver"] == [job]
    kept = [name for name in there.store.sizes(f"store/side/pods/{job}") if "resolved" in name]
    assert len(kept) == 1

    assert tracked_runs(there.tracking, "shop") == ["FINISHED"]
    local = quick_shop(tmp_path / "here")
    change(
        local,
        lambda fields: fields.update(
            score=fields["score"] | {"shards": 1},
            models=fields["models"][:1],
            features=fields["features"][:1],
            baselines=[],
        ),
    )
    latest = json.loads(there.store.read_bytes("predictions/shop/latest.json") or b"")
    published = {
        name: there.store.read_bytes(f"predictions/shop/{latest['run_id']}/{name}")
        for name in latest["files"]
    }
    printed_here = yule(local)
    assert published == prediction_bytes(printed_here)
    assert table(there.case, "scores").to_pylist() == predictions(printed_here).to_pylist()


@pytest.mark.timeout(900)
def test_learning_curves_grow_here_while_pods_train_and_cancel_leaves_nothing(
    there: There,
) -> None:
    endless = {"num_leaves": 4, "rounds": 1_000_000, "patience": 1_000_000, "learning_rate": 1e-4}
    change(
        there.case,
        lambda fields: fields.update(
            case="shop-curves",
            models=[{"name": "trees", "kind": "gbdt", "params": endless}],
        ),
    )
    with there.start("run") as attached:
        job = read_until(attached, "is started.").split()[0]
        read_until(attached, "tasks to compute")
        runs = there.case.parent / ".yule/runs"

        def last_step() -> int:
            found = sorted(runs.glob("shop-curves-*/tensorboard/trees/fold-*/*"))
            return last_step_of(found[0].parent, found[0].stat().st_size) if found else 0

        first = until(last_step)
        until(lambda: last_step() > first)
        assert [name for name in there.objects("Pod") if "trainfold" in name]

        said = there.yule("cancel")

        assert f"ended   {job}" in said
        assert not there.objects("Job")
        assert not there.objects("Pod")
        _, told = attached.communicate(timeout=60)
    assert attached.returncode == 3
    assert "Learning curves, as they come: `tensorboard --logdir " in told
    assert "The driver" in told
    assert there.store.sizes("store/orders")  # what is stored stays
