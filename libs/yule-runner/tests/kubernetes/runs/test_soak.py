"""Many runs at once, while everything goes wrong at random: nothing lost, doubled or left over.

Not part of the default run: set YULE_SOAK_S to the seconds that it may take, and YULE_SOAK_SEED to
repeat one.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from yule_runner import load_graph
from yule_runner.testing.kubernetes import Fault

SECONDS = float(os.environ.get("YULE_SOAK_S", "0"))
CASES = int(os.environ.get("YULE_SOAK_CASES", "20"))
SHARED = 6
API_FAULTS = (
    Fault(kind="refuse", code=503),
    Fault(kind="refuse", code=429, retry_after_s=1),
    Fault(kind="hang-up"),
    Fault(kind="lose-reply", verb="create"),
    Fault(kind="lose-reply", verb="patch"),
    Fault(kind="lose-reply", verb="delete"),
    Fault(kind="cut", verb="watch", times=3),
    Fault(kind="silence", verb="watch"),
    Fault(kind="expire", verb="watch"),
    Fault(kind="expire-late", verb="watch"),
    Fault(kind="drop", verb="watch"),
    Fault(kind="double", verb="watch"),
)


class Chaos:
    """Lets pods live and die, requests fail and drivers be killed, by one sequence of chances."""

    def __init__(self, runs: Any, hands: Any, chances: random.Random) -> None:
        self.runs, self.hands, self.chances = runs, hands, chances
        self.kills = 0

    def step(self, living: dict[str, Any]) -> None:
        """Let each pod have its fate."""
        for pod in self.hands.pods():
            if "deletionTimestamp" in pod["metadata"]:
                self.hands.confirm(pod)
            elif pod["status"].get("phase") == "Pending":
                self.hands.begin(pod)
                self.live(pod)
                self.trouble(living)

    def trouble(self, living: dict[str, Any]) -> None:
        """Let something else go wrong, perhaps."""
        if self.chances.random() < 0.5:
            self.runs.server.faults.add(self.chances.choice(API_FAULTS))
        if self.chances.random() < 0.05:
            self.delete_something()
        if self.chances.random() < 0.1 and living:
            self.kill(living)

    def live(self, pod: Any) -> None:
        chance = self.chances.random()
        if chance < 0.1:
            self.hands.end(pod, 143, is_preempted=True)
        elif chance < 0.16:
            self.hands.end(pod, 1)
        elif chance < 0.2:
            self.hands.end(pod, 137, "OOMKilled")
        elif chance < 0.24:
            self.hands.end(pod, 0)
        elif chance < 0.28:
            self.hands.work(pod)
            self.hands.end(pod, 143, is_preempted=True)
        else:
            self.hands.run(pod)

    def delete_something(self) -> None:
        """Delete a Job by hand, as people do."""
        names = self.runs.job_names()
        if names:
            name = self.chances.choice(names)
            self.runs.batch.delete_namespaced_job(name, "default", propagation_policy="Background")

    def collect(self, living: dict[str, Any]) -> None:
        """Delete what has ended and nobody uses any more, as its time to live does."""
        used = {f"used-by.yule.dev/{name}" for name in living}
        for job in self.runs.jobs():
            if has_ended(job) and not used & job.metadata.annotations.keys():
                self.runs.batch.delete_namespaced_job(
                    job.metadata.name, "default", propagation_policy="Background"
                )

    def kill(self, living: dict[str, Any]) -> None:
        """Kill a driver, and start it again."""
        name = self.chances.choice(sorted(living))
        if living[name].thread.is_alive():
            self.kills += 1
            living[name].stop()
            if living[name].result is None:
                living[name] = start(self.runs, living[name].source, name)


def start(runs: Any, source: Any, name: str) -> Any:
    patience = replace(runs.settings().patience, relist_s=5, silence_s=5, journal_s=0.5)
    return runs.start(source, run=name, retries=1000, patience=patience, largest_group=3)


def source_of(runs: Any, case: int) -> Any:
    shared = [{"name": f"shared-{place}"} for place in range(SHARED)]
    own = [{"name": f"own-{case}-{place}", "needs": [f"shared-{place}"]} for place in range(SHARED)]
    top = {"name": f"top-{case}", "needs": [each["name"] for each in own]}
    return runs.bench.scripted(*shared, *own, top)


@pytest.fixture
def chances() -> Iterator[random.Random]:
    seed = os.environ.get("YULE_SOAK_SEED") or str(time.time_ns())
    print(f"YULE_SOAK_SEED={seed}")
    return random.Random(seed)


@pytest.mark.simulator
@pytest.mark.skipif(not SECONDS, reason="YULE_SOAK_S does not say how long it may take")
@pytest.mark.timeout(SECONDS + 300)
def test_nothing_is_lost_and_nothing_left_over(
    runs: Any, hands: Any, chances: random.Random
) -> None:
    chaos, case, done = Chaos(runs, hands, chances), 0, 0
    living: dict[str, Any] = {}
    ends = time.monotonic() + SECONDS
    while living or time.monotonic() < ends:
        while len(living) < CASES and time.monotonic() < ends:
            name = f"case-{case}"
            living[name] = start(runs, source_of(runs, case), name)
            case += 1
        chaos.step(living)
        for name, driver in list(living.items()):
            if not driver.thread.is_alive():
                driver.wait()
                graph = load_graph(driver.source)
                result = graph.tasks[graph.targets[-1]].result()
                assert len(result) == 1 + SHARED
                assert all(own[1][0].startswith("shared-") for own in result[1:])
                assert doubled(runs, driver.source) == []
                del living[name]
                done += 1
                chaos.collect(living)
        assert time.monotonic() < ends + 200, (sorted(living), runs.job_names())
    runs.server.faults.clear()
    runs.until(lambda: chaos.step({}) or not active(runs), "the end of all Jobs")
    print(f"{done} runs, {chaos.kills} drivers killed, {runs.server.faults.struck} requests struck")


def doubled(runs: Any, source: Any) -> list[str]:
    """Return what was computed more than once: a pod that is ended here has done all or nothing."""
    names = [script["name"] for script in source.arguments["scripts"]]
    return [name for name in names if runs.bench.attempts(name) != 1]


def active(runs: Any) -> list[str]:
    return [job.metadata.name for job in runs.jobs() if not has_ended(job)]


def has_ended(job: Any) -> bool:
    return any(each.type in ("Complete", "Failed") for each in job.status.conditions or [])
