"""One look at a Job whose pods' watch is behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from flights import batch_of, flight_of
from gokart_store import open_store
from yule_runner.executor import Failed, Observation
from yule_runner.kubernetes import ClusterSettings, Patience, Pool
from yule_runner.kubernetes.api import ClusterApi
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.errors import ApiUnavailable
from yule_runner.kubernetes.holdup_clock import HoldupClock
from yule_runner.kubernetes.inspection import Inspector
from yule_runner.kubernetes.outlook import Outlook

Json = dict[str, Any]

UID = "batch.kubernetes.io/controller-uid"
INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"


class Server:
    """Stands for the API server: it knows these pods, and a Job that nobody may reach."""

    def __init__(self, *pods: Json) -> None:
        self.pods, self.selectors, self.deleted = list(pods), list[str](), list[str]()
        self.is_away = False

    def list_all(self, _kind: object, selector: str) -> tuple[list[Json], str]:
        self.selectors.append(selector)
        return self.pods, "9"

    def get(self, _kind: object, name: str) -> Json:
        if self.is_away:
            raise ApiUnavailable("Could not get jobs: no answer from the API server.")
        return {"metadata": {"name": name, "uid": "7", "resourceVersion": "9"}}

    def delete(self, _kind: object, name: str, **_options: str) -> None:
        self.deleted.append(name)


def ended(name: str, *, code: int, reason: str, failures: int) -> Json:
    terminated = {"exitCode": code, "reason": reason}
    about = {
        "name": name,
        "uid": name,
        "resourceVersion": "1",
        "creationTimestamp": "2026-11-27T10:00:00Z",
        "labels": {UID: "7"},
        "annotations": {INDEX: "0", FAILURES: str(failures)},
    }
    status = {"phase": "Failed", "containerStatuses": [{"state": {"terminated": terminated}}]}
    return {"metadata": about, "spec": {}, "status": status}


class Bench:
    """A Job with some tasks, one to an index, and who looks at it."""

    def __init__(self, folder: Path, api: Server, *, tasks: int = 1) -> None:
        self.now_s, self.told = 0.0, list[Observation]()
        store = open_store(folder / "store")
        task_ids = tuple(f"task-{place}" for place in range(tasks))
        self.flight = flight_of("folds", batch_of(task_ids, folder), store, memory_gib=8)
        self.clock = HoldupClock(Patience(), tell=self.told.append, now_s=lambda: self.now_s)
        self._inspector = Inspector(
            cast("ClusterApi", api),
            ClusterSettings(
                run="weekly",
                namespace="default",
                image="registry.example/shop@sha256:" + "a" * 64,
                store=store.url,
                pools=(Pool(name="standard", cpu=8, memory_gib=16),),
            ),
            outlook=Outlook(
                tell=self.told.append, spend=lambda *_: None, most_memory=lambda _: 16.0
            ),
            clock=self.clock,
            departed=lambda _: None,
            mark=CancelMark(store, "weekly"),
            now_s=lambda: self.now_s,
        )

    def look(self, *pods: Json, failed: str = "") -> list[Failed]:
        """Look at the Job with its pods and failed indexes; return what has failed so far."""
        job = {"metadata": {"name": "folds", "uid": "7"}, "status": {"failedIndexes": failed}}
        self._inspector.look({"folds": self.flight}, {"folds": job}, pods, [])
        return [each for each in self.told if isinstance(each, Failed)]


def test_the_end_of_an_earlier_pod_is_not_taken_for_that_of_the_last(tmp_path: Path) -> None:
    crashed = ended("folds-0-a", code=1, reason="Error", failures=0)
    starved = ended("folds-0-b", code=137, reason="OOMKilled", failures=1)
    api = Server(crashed, starved)

    (failed,) = Bench(tmp_path, api).look(crashed, failed="0")

    assert failed.failure.cause == (
        "folds-0-b ran out of memory: it had 8 GiB. The next attempt has 12 GiB; declare as much."
    )
    assert failed.attempts == 2
    assert api.selectors == [f"{UID}=7,{INDEX} in (0)"]


def test_what_the_watch_has_seen_of_a_later_pod_outlasts_a_listing(tmp_path: Path) -> None:
    crashed = ended("folds-0-a", code=1, reason="Error", failures=0)
    starved = ended("folds-0-b", code=137, reason="OOMKilled", failures=1)

    (failed,) = Bench(tmp_path, Server(crashed)).look(starved, failed="0")

    assert "folds-0-b ran out of memory" in failed.failure.cause


def test_many_ends_are_asked_for_without_naming_each(tmp_path: Path) -> None:
    api = Server()

    assert len(Bench(tmp_path, api, tasks=1000).look(failed="0-999")) == 1000
    assert api.selectors == [f"{UID}=7"]


def waiting(**state: Json) -> Json:
    """Return a pod whose container is in this state."""
    pod = ended("folds-0-a", code=0, reason="", failures=0)
    container = {"name": "main", "image": "shop", "state": state}
    return pod | {"status": {"phase": "Pending", "containerStatuses": [container]}}


def test_what_was_to_be_given_up_when_the_server_went_away_is_looked_at_again(
    tmp_path: Path,
) -> None:
    api = Server()
    bench = Bench(tmp_path, api)
    stuck = waiting(waiting={"reason": "ImagePullBackOff"})
    bench.look(stuck)
    bench.now_s = Patience().image_s
    api.is_away = True
    with pytest.raises(ApiUnavailable):
        bench.look(stuck)

    api.is_away = False
    bench.clock.note_sight(is_blind=True)
    assert not bench.look(stuck)  # the watches are not back yet
    bench.clock.note_sight(is_blind=False)
    assert not bench.look(waiting(running={}))
    assert not api.deleted

    bench.now_s += Patience().image_s
    bench.look(stuck)
    assert not api.deleted
    bench.now_s += Patience().image_s
    bench.look(stuck)
    assert api.deleted == ["folds"]
