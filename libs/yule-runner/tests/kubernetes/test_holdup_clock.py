"""How long a driver waits for pods that cannot start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flights import batch_of, flight_of
from gokart_store import open_store
from yule_runner.executor import Held
from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.holdup_clock import HoldupClock, Overdue

Json = dict[str, Any]

LIMIT_S = 1800.0
GRACE_S = 30.0
PENDING: Json = {
    "metadata": {"name": "folds-0-x", "uid": "1", "annotations": {}},
    "spec": {},
    "status": {
        "phase": "Pending",
        "conditions": [
            {
                "type": "PodScheduled",
                "status": "False",
                "reason": "Unschedulable",
                "message": "0/1 nodes are available: 1 Insufficient cpu.",
            }
        ],
    },
}


class Bench:
    """A clock with time in the test's hands."""

    def __init__(self, store: Path) -> None:
        self.now_s = 0.0
        self.told: list[Held] = []
        self.clock = HoldupClock(
            Patience(unschedulable_s=LIMIT_S), tell=self.told.append, now_s=lambda: self.now_s
        )
        self.flight = flight_of("folds", batch_of(["a"], store), open_store(store))

    def is_overdue(self, *, is_busy: bool) -> bool:
        return bool(self.clock.look(self.flight, [PENDING], is_busy=is_busy))

    def is_refused_too_long(self, *, is_busy: bool = False, pod: str = "x") -> bool:
        """Look as the inspector does: at no pods, and then at why there are none."""
        seen = self.clock.look(self.flight, [], is_busy=is_busy)
        words = f'the cluster refuses its pods: pods "folds-0-{pod}" is forbidden: exceeded quota'
        return bool([*seen, *self.clock.look_at_refusal(self.flight, words)])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_pod_without_a_node_is_given_up_at_its_limit(bench: Bench) -> None:
    assert not bench.is_overdue(is_busy=False)
    bench.now_s = LIMIT_S - 1
    assert not bench.is_overdue(is_busy=False)
    bench.now_s = LIMIT_S
    assert bench.is_overdue(is_busy=False)


def test_waiting_for_pods_of_the_same_run_does_not_count(bench: Bench) -> None:
    for bench.now_s in (0, LIMIT_S, 2 * LIMIT_S):
        assert not bench.is_overdue(is_busy=True)
    # Between two pods of a small pool nothing runs for a moment.
    bench.now_s += 1
    assert not bench.is_overdue(is_busy=False)
    bench.now_s += LIMIT_S - 2
    assert not bench.is_overdue(is_busy=False)
    bench.now_s += 1
    assert bench.is_overdue(is_busy=False)


def test_refused_pods_are_told_once_and_given_up_at_the_limit(bench: Bench) -> None:
    for place, bench.now_s in enumerate((0, 20, LIMIT_S - 1)):
        assert not bench.is_refused_too_long(pod=f"pod{place}")
    bench.now_s = LIMIT_S
    assert bench.is_refused_too_long(pod="pod9")
    assert [held.task_ids for held in bench.told] == [("a",)]
    assert "exceeded quota" in bench.told[0].reason


def test_a_quota_that_the_run_itself_uses_up_is_waited_for(bench: Bench) -> None:
    assert not bench.is_refused_too_long()
    bench.now_s = LIMIT_S
    assert not bench.is_refused_too_long(is_busy=True)
    bench.now_s = 2 * LIMIT_S - 1
    assert not bench.is_refused_too_long()
    bench.now_s = 2 * LIMIT_S
    assert bench.is_refused_too_long()


def test_a_pod_that_ends_in_its_time_is_nothing_to_speak_of(bench: Bench) -> None:
    leaving = running(deletionTimestamp="2026-11-26T10:00:30Z", deletionGracePeriodSeconds=GRACE_S)
    for bench.now_s in (0, GRACE_S - 1):
        assert not bench.clock.look(bench.flight, [leaving], is_busy=False)
    assert not bench.told
    bench.now_s = GRACE_S
    assert not bench.clock.look(bench.flight, [leaving], is_busy=False)
    assert "was told to end, and node-1 has not confirmed it" in bench.told[0].reason
    bench.now_s = GRACE_S + Patience().terminating_s
    (overdue,) = bench.clock.look(bench.flight, [leaving], is_busy=False)
    assert overdue.holdup.is_stuck


def test_a_pod_without_a_sign_of_life_is_told_and_never_given_up(bench: Bench) -> None:
    def look() -> list[Overdue]:
        return bench.clock.look(bench.flight, [running()], is_busy=True)

    for bench.now_s in (0, 100, 200):
        bench.flight.pulse.note({"folds-0-x": int(bench.now_s)}, bench.now_s)
        assert not look()
    bench.now_s = 319
    bench.flight.pulse.note({"folds-0-x": 200}, bench.now_s)
    assert not look()
    assert not bench.told
    for bench.now_s in (320, 10_000):
        assert not look()
    (held,) = bench.told
    assert "the pod folds-0-x runs, and has given no sign of life for 120 s" in held.reason
    bench.flight.pulse.note({"folds-0-x": 201}, bench.now_s)
    assert not look()
    assert not bench.flight.told


def test_a_pod_that_never_gave_a_sign_is_told_too(bench: Bench) -> None:
    for bench.now_s in (0, 120):
        assert not bench.clock.look(bench.flight, [running()], is_busy=True)
    assert "no sign of life" in bench.told[0].reason


def running(**metadata: Any) -> Json:
    about = {"name": "folds-0-x", "uid": "1", "annotations": {}} | metadata
    return {"metadata": about, "spec": {"nodeName": "node-1"}, "status": {"phase": "Running"}}


def test_pods_end_a_refusal(bench: Bench) -> None:
    assert not bench.is_refused_too_long()
    bench.now_s = LIMIT_S - 1
    assert not bench.is_overdue(is_busy=False)
    bench.now_s = LIMIT_S
    assert not bench.is_refused_too_long()
    refusals = [held for held in bench.told if "refuses" in held.reason]
    assert len(refusals) == 2


def test_while_the_cluster_cannot_be_seen_nothing_grows_older(bench: Bench) -> None:
    assert not bench.is_overdue(is_busy=False)
    bench.now_s = LIMIT_S - 10
    bench.clock.note_sight(is_blind=True)
    for bench.now_s in (LIMIT_S, 2 * LIMIT_S):
        bench.clock.note_sight(is_blind=True)
        assert not bench.is_overdue(is_busy=False)
    bench.clock.note_sight(is_blind=False)
    assert not bench.is_overdue(is_busy=False)
    bench.now_s += 9
    assert not bench.is_overdue(is_busy=False)
    bench.now_s += 1
    assert bench.is_overdue(is_busy=False)
