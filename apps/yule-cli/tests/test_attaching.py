"""Whoever stays with a driver sees what it prints, and why it does not start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from gokart_store import Resources
from yule_cli.attaching import attach
from yule_cli.cluster_run import ClusterRun
from yule_cli.errors import RunFailedError
from yule_runner.kubernetes import ClusterSettings, Patience, Pool
from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.connecting import connect
from yule_runner.kubernetes.driving import start_driver
from yule_runner.testing.kubernetes import Cluster, ClusterServer, Fault, VirtualClock, serve
from yule_runner.testing.kubernetes.kubelet import ProcessKubelet

IMAGE = "registry.example/yule@sha256:" + "a" * 64
PRINTS = """
import os, pathlib, sys
place = pathlib.Path(os.environ["YULE_STORE"], "side/pods", os.environ["YULE_JOB"],
    os.environ["YULE_JOB_UID"], "0", os.environ["YULE_POD"])
place.mkdir(parents=True)
(place / "log.txt").write_text("one\\n\\x1b[31mtwo\\n")
sys.exit(int(sys.argv[1]))
"""


@dataclass
class Bench:
    """A cluster with a driver, and somebody who stays with it."""

    server: ClusterServer
    api: ClusterApi
    kubelet: ProcessKubelet
    settings: ClusterSettings
    lines: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    job: str = ""

    def start(self, code: int = 0) -> None:
        command = ("python", "-c", PRINTS, str(code))
        needs = Resources(cpu=1, memory_gib=1)
        self.job = start_driver(self.api, self.settings, command=command, resources=needs).name

    def attach(self, *, wait: Callable[[float], None] = lambda _: time.sleep(0.02)) -> None:
        attach(
            ClusterRun.of(self.settings, None),
            self.job,
            self.api,
            show=self.lines.append,
            say=self.said.append,
            patience=Patience(image_s=0.2),
            wait=wait,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with serve(Cluster(VirtualClock(time.time())), speed=50) as server:
        kubeconfig = server.write_kubeconfig(tmp_path / "kubeconfig")
        store = str(tmp_path / "store")
        settings = ClusterSettings(
            run="shop-1",
            namespace="default",
            image=IMAGE,
            store=store,
            pools=(Pool(name="standard", cpu=4, memory_gib=8),),
            environment={"YULE_STORE": store},
        )
        with ProcessKubelet(kubeconfig, tmp_path / "node") as kubelet:
            api = ClusterApi(lambda: connect(kubeconfig), "default")
            yield Bench(server, api, kubelet, settings)
            api.close()


def test_a_driver_is_followed_to_its_end(bench: Bench) -> None:
    bench.start()
    bench.attach()
    assert bench.lines == ["one", "\\x1b[31mtwo"]
    bench.attach()
    assert len(bench.lines) == 4
    assert not bench.said


def test_a_driver_that_fails_is_an_error(bench: Bench) -> None:
    bench.start(code=65)
    with pytest.raises(RunFailedError, match=f"The driver {bench.job} has failed: its last lines"):
        bench.attach()
    assert bench.lines == ["one", "\\x1b[31mtwo"]


def test_an_image_that_does_not_exist_is_said_and_the_driver_given_up(bench: Bench) -> None:
    bench.kubelet.refused_images[IMAGE] = "ImagePullBackOff"
    bench.start()
    with pytest.raises(RunFailedError, match=r"was given up after 0\.2 s: the image .* cannot be"):
        bench.attach()
    assert [words[:29] for words in bench.said] == ["The driver waits: the image '"]
    assert not bench.api.list_all(JOBS, bench.settings.selector)[0]


def test_a_driver_that_somebody_has_ended_is_gone(bench: Bench) -> None:
    bench.job = "yule-driver-shop"
    with pytest.raises(RunFailedError, match="yule-driver-shop is gone: somebody has cancelled"):
        bench.attach()


def test_an_api_server_that_is_away_is_waited_for(bench: Bench) -> None:
    bench.start()
    bench.server.faults.add(Fault(kind="refuse", verb="get", plural="jobs", code=503, times=3))
    bench.attach()
    assert bench.lines == ["one", "\\x1b[31mtwo"]
    assert len(bench.said) == 1
    assert "the API server answers 503" in bench.said[0]
