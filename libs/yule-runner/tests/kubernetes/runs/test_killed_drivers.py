"""A driver that is killed before or after any of its requests: no duplicates, the same outputs."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from kubernetes import client
from run_drivers import Killed
from yule_runner import load_graph

SCRIPTS = [
    {"name": "greedy", "memory_gib": 8},
    {"name": "modest", "memory_gib": 8},
    {"name": "top", "needs": ["greedy", "modest"]},
]
REQUESTS = 5
"""The version, the first Job, how its pod ended, its next generation, the Job above."""


@pytest.mark.parametrize("is_carried_out", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("place", range(1, REQUESTS + 2))
@pytest.mark.simulator
def test_the_next_driver_goes_on_from_every_request(
    runs: Any, hands: Any, monkeypatch: pytest.MonkeyPatch, place: int, is_carried_out: bool
) -> None:
    send, asked = client.ApiClient.call_api, list[str]()

    def call(api: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        if not runs.drivers or threading.current_thread() is not runs.drivers[0].thread:
            return send(api, method, url, *arguments, **options)
        asked.append(f"{method} {url}")
        if len(asked) != place:
            return send(api, method, url, *arguments, **options)
        if is_carried_out:
            send(api, method, url, *arguments, **options)
        runs.drivers[0]._dies.set()
        raise Killed

    monkeypatch.setattr(client.ApiClient, "call_api", call)
    source = runs.bench.scripted(*SCRIPTS)
    kubelet = Kubelet(hands)

    first = runs.start(source, run="first")
    kubelet.work_for(first)
    second = runs.start(source, run="second")
    kubelet.work_for(second)

    second.wait()
    assert isinstance(first.error, Killed) == (place <= REQUESTS), asked
    assert [runs.bench.attempts(each["name"]) for each in SCRIPTS] == [1, 1, 1]
    assert len(runs.jobs()) == 3
    graph = load_graph(source)
    assert graph.tasks[graph.targets[-1]].result() == ["top", ["greedy"], ["modest"]]


class Kubelet:
    """Does the work of all pods, but for the first that is greedy: its memory runs out."""

    def __init__(self, hands: Any) -> None:
        self._hands, self._is_starved = hands, False

    def work_for(self, driver: Any) -> None:
        """Work until a driver has ended."""
        while driver.thread.is_alive():
            for pod in self._hands.pods():
                if "deletionTimestamp" in pod["metadata"]:
                    self._hands.confirm(pod)
                elif pod["status"].get("phase") == "Pending":
                    self._hands.begin(pod)
                    self._end(pod)
            driver.thread.join(0.02)

    def _end(self, pod: Any) -> None:
        if self._is_starved:
            self._hands.run(pod)
        else:
            self._is_starved = True
            self._hands.end(pod, 137, "OOMKilled")
