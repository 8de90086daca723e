"""What is in flight: submissions, and the Jobs that carry them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yule_runner.executor import Handle, Submission
from yule_runner.failure import Failure
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.kubernetes.pulse import Pulse

__all__ = ["Batch", "Flight", "Need"]

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a task needs beyond its submission's word, learnt from how it ended before.

    Attributes:
        memory_gib: memory of its pod.
        is_on_demand: whether it keeps off nodes that can be taken away.
    """

    memory_gib: float
    is_on_demand: bool = False


@dataclass(kw_only=True)
class Batch:
    """A submission that has not ended.

    Attributes:
        submission: what was submitted.
        handle: its name for the runner.
        unended: the tasks that the runner has not heard the end of, in order.
        unplaced: those of them that no Job has, with what they need.
        doubted: the unplaced tasks that some Job may have done by now.
        is_drained: whether nothing more of it is to be started.
        is_cancelled: whether it is to end.
    """

    submission: Submission
    handle: Handle
    unended: dict[str, None]
    unplaced: dict[str, Need]
    doubted: set[str] = field(default_factory=set)
    is_drained: bool = False
    is_cancelled: bool = False


@dataclass(kw_only=True)
class Flight:
    """A Job that computes something for this driver.

    Attributes:
        name: of the Job.
        uid: of the Job.
        task_ids: the tasks of its order, in order.
        size: tasks of each index.
        is_own: whether this run has made it.
        need: what its pods have.
        pool: the node pool that it was made for; empty where it does not say.
        is_spot: whether its pods may be preempted, and could be kept from that.
        journals: what its pods tell.
        mine: its tasks that this driver waits for, and the batches that they are in.
        begun: pods that have begun a task, by task.
        resumed: tasks that more than one pod has begun.
        last: the youngest pod that was ever seen of each index.
        pulse: when its pods last gave a sign of life.
        refusal: why its order cannot be carried out; None while it can.
        was_left: whether tasks were moved away, so that it computes for nobody.
        doom: why it is given up; empty while it is not.
        told: keys of the holdups that were told.
        since_s: when each holdup's time began, by pod and key.
        scaling_due_s: when to ask why no node is added for its pods; None while all have one.
        scaling_pause_s: how long to wait before that is asked again.
        refused_since_s: when the time of the cluster's refusing it pods began; None while it does
            not.
        seen: what of its status was looked at last.
        is_released: whether this run has let go of it.
        was_deleted: whether that has ended it, because no other run used it.
        report_by_s: when to report its end even if the cluster does not confirm it.
        journal_due_s: when its journals are read next.
        pods_due_s: when to ask why it has no pods; None while it has.
    """

    name: str
    uid: str
    task_ids: tuple[str, ...]
    size: int
    is_own: bool
    need: Need
    is_spot: bool
    journals: JournalReader
    mine: dict[str, Batch] = field(default_factory=dict)
    pool: str = ""
    begun: dict[str, str] = field(default_factory=dict)
    resumed: set[str] = field(default_factory=set)
    last: Mapping[int, Json] = field(default_factory=dict)
    pulse: Pulse = field(default_factory=Pulse)
    refusal: Failure | None = None
    was_left: bool = False
    doom: str = ""
    told: set[str] = field(default_factory=set)
    since_s: dict[tuple[str, str], float] = field(default_factory=dict)
    scaling_due_s: float | None = None
    scaling_pause_s: float = 0.0
    refused_since_s: float | None = None
    seen: object = None
    is_released: bool = False
    was_deleted: bool = False
    report_by_s: float = float("inf")
    journal_due_s: float = float("-inf")
    pods_due_s: float | None = None
    _places: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._places = {task_id: place for place, task_id in enumerate(self.task_ids)}

    def tasks_of(self, indexes: Iterable[int]) -> list[str]:
        """Return the tasks of these indexes that this driver waits for."""
        return [
            task_id
            for index in sorted(indexes)
            for task_id in self.task_ids[index * self.size : (index + 1) * self.size]
            if task_id in self.mine
        ]

    def last_pod(self, index: int) -> str:
        """Return the name of the last pod of an index, or words for one that nobody has seen."""
        pod = self.last.get(index)
        if pod is None:
            return f"the pod of index {index} of {self.name}"
        return str(pod["metadata"]["name"])

    def index_of(self, task_id: str) -> int:
        """Return the index that has a task."""
        return self._places[task_id] // self.size
