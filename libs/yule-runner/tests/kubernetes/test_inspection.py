"""One look at a Job whose pods' watch is behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from gokart_store import Resources, open_store
from yule_runner import GraphSource
from yule_runner.executor import Failed, Handle, Observation, Submission
from yule_runner.kubernetes import ClusterSettings, Patience, Pool
from yule_runner.kubernetes.api import ClusterApi
from yule_runner.kubernetes.cancel_mark import CancelMark
from yule_runner.kubernetes.flight import Batch, Flight, Need
from yule_runner.kubernetes.holdup_clock import HoldupClock
from yule_runner.kubernetes.inspection import Inspector
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.kubernetes.outlook import Outlook
from yule_runner.order import WorkOrder, write_order

Json = dict[str, Any]

UID = "batch.kubernetes.io/controller-uid"
INDEX = "batch.kubernetes.io/job-completion-index"
FAILURES = "batch.kubernetes.io/job-index-failure-count"


class Listing:
    """Stands for the API server: it knows these pods."""

    def __init__(self, *pods: Json) -> None:
        self.pods, self.selectors = list(pods), list[str]()

    def list_all(self, _kind: object, selector: str) -> tuple[list[Json], str]:
        self.selectors.append(selector)
        return self.pods, "9"


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


def look(tmp_path: Path, api: Listing, pods: list[Json], *, tasks: int = 1) -> list[Failed]:
    """Look at a Job all of whose indexes have failed; return what failed."""
    store = open_store(tmp_path / "store")
    task_ids = tuple(f"task-{place}" for place in range(tasks))
    order = WorkOrder(source=GraphSource(factory="yule", arguments={}), task_ids=task_ids)
    batch = Batch(
        submission=Submission(
            name="some.Task",
            resources=Resources(),
            order=order,
            file=write_order(order, tmp_path, name="one"),
            is_stored=lambda _: False,
        ),
        handle=Handle(name="one", task_ids=task_ids),
        unended=dict.fromkeys(task_ids),
        unplaced={},
    )
    flight = Flight(
        name="folds",
        uid="7",
        task_ids=task_ids,
        size=1,
        is_own=True,
        need=Need(memory_gib=8),
        is_spot=False,
        journals=JournalReader(store, "folds", "7"),
        mine=dict.fromkeys(task_ids, batch),
    )
    told: list[Observation] = []
    inspector = Inspector(
        cast("ClusterApi", api),
        ClusterSettings(
            run="weekly",
            namespace="default",
            image="registry.example/shop@sha256:" + "a" * 64,
            store=store.url,
            pools=(Pool(name="standard", cpu=8, memory_gib=16),),
        ),
        outlook=Outlook(tell=told.append, spend=lambda *_: None, most_memory=lambda _: 16.0),
        clock=HoldupClock(Patience(), tell=told.append, now_s=lambda: 0.0),
        departed=lambda _: None,
        mark=CancelMark(store, "weekly"),
        now_s=lambda: 0.0,
    )
    job = {
        "metadata": {"name": "folds", "uid": "7"},
        "status": {"failedIndexes": f"0-{tasks - 1}"},
    }
    inspector.look({"folds": flight}, {"folds": job}, pods, [])
    return [each for each in told if isinstance(each, Failed)]


def test_the_end_of_an_earlier_pod_is_not_taken_for_that_of_the_last(tmp_path: Path) -> None:
    crashed = ended("folds-0-a", code=1, reason="Error", failures=0)
    starved = ended("folds-0-b", code=137, reason="OOMKilled", failures=1)
    api = Listing(crashed, starved)

    (failed,) = look(tmp_path, api, [crashed])

    assert failed.failure.cause == (
        "folds-0-b ran out of memory: it had 8 GiB. The next attempt has 12 GiB; declare as much."
    )
    assert failed.attempts == 2
    assert api.selectors == [f"{UID}=7,{INDEX} in (0)"]


def test_what_the_watch_has_seen_of_a_later_pod_outlasts_a_listing(tmp_path: Path) -> None:
    crashed = ended("folds-0-a", code=1, reason="Error", failures=0)
    starved = ended("folds-0-b", code=137, reason="OOMKilled", failures=1)

    (failed,) = look(tmp_path, Listing(crashed), [starved])

    assert "folds-0-b ran out of memory" in failed.failure.cause


def test_many_ends_are_asked_for_without_naming_each(tmp_path: Path) -> None:
    api = Listing()

    assert len(look(tmp_path, api, [], tasks=1000)) == 1000
    assert api.selectors == [f"{UID}=7"]
