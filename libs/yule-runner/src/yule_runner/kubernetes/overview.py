"""What a run does on a cluster at this moment: a pure function of its Jobs and pods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yule_runner.kubernetes.holdups import holdup_of
from yule_runner.kubernetes.names import POOL, label_value
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import (
    by_job,
    indexes,
    is_at_work,
    is_deleted,
    is_ended,
    is_unplaced,
    last_pods,
    preemptions_of,
    terminal_condition,
)
from yule_runner.kubernetes.starts import is_unstarted, unstarted_words
from yule_runner.kubernetes.uses import is_used_by

__all__ = ["JobOverview", "overview"]

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class JobOverview:
    """One Job.

    Attributes:
        name: of the Job.
        uid: of the Job.
        component: what its tasks are, as `TrainFold`.
        state: `running`, `waiting`, `done`, `failed` or `ending`.
        indexes: how many there are.
        done: of these, ended well.
        failed: of these, failed for good.
        running: of these, with a pod that runs.
        preemptions: how often pods of its indexes were preempted.
        reasons: what its pods wait for, in words, the most frequent first, with their numbers.
        is_shared: whether other runs use it too.
        pods: index and name of each pod that runs.
        pool: the node pool that it was made for; empty where it does not say.
        waiting: uid of a pod that no node can take; empty where there is none.
        message: why it failed; empty where it has not.
        is_unstarted: whether it is a driver that was ended because it had not started.
    """

    name: str
    uid: str
    component: str
    state: str
    indexes: int
    done: int
    failed: int
    running: int
    preemptions: int
    reasons: tuple[tuple[str, int], ...]
    is_shared: bool
    pods: tuple[tuple[int, str], ...] = ()
    pool: str = ""
    waiting: str = ""
    message: str = ""
    is_unstarted: bool = False


def overview(jobs: Iterable[Json], pods: Iterable[Json], *, run: str) -> list[JobOverview]:
    """Return the Jobs of a run, oldest first.

    Args:
        jobs: Jobs of the run's store.
        pods: pods of these.
        run: as in `ClusterSettings.run`.
    """
    pods_of = by_job(pods)
    mine = [job for job in jobs if is_used_by(job, run)]
    mine.sort(key=lambda job: (job["metadata"]["creationTimestamp"], job["metadata"]["name"]))
    return [_overview(job, pods_of.get(job["metadata"]["uid"], []), run) for job in mine]


def _overview(job: Json, pods: Sequence[Json], run: str) -> JobOverview:
    metadata = job["metadata"]
    terminal = terminal_condition(job)
    size = int(job["spec"].get("completions") or 1)
    done, failed = _ended(job, terminal, size)
    latest = last_pods(pods)
    running = tuple(
        (index, printable(pod["metadata"]["name"]))
        for index, pod in sorted(latest.items())
        if is_at_work(pod)
    )
    reasons: Counter[str] = Counter()
    for pod in latest.values():
        if not is_ended(pod) and (holdup := holdup_of(pod, Patience())):
            reasons[holdup.words] += 1
    labels = metadata.get("labels") or {}
    users = [name for name in metadata.get("annotations") or {} if name.startswith("used-by.")]
    return JobOverview(
        name=metadata["name"],
        uid=metadata["uid"],
        component=labels.get("app.kubernetes.io/component", ""),
        state=_state(job, terminal, running=len(running)),
        indexes=size,
        done=done,
        failed=failed,
        running=len(running),
        preemptions=sum(map(preemptions_of, latest.values())),
        reasons=tuple(reasons.most_common()),
        is_shared=len(users) > 1 or labels.get("yule.dev/run") != label_value(run),
        pods=running,
        pool=(metadata.get("annotations") or {}).get(POOL, ""),
        waiting=next((pod["metadata"]["uid"] for pod in latest.values() if is_unplaced(pod)), ""),
        message=_message(job, terminal),
        is_unstarted=is_unstarted(job),
    )


def _message(job: Json, terminal: Json | None) -> str:
    if is_unstarted(job):
        return unstarted_words(job)
    return "" if terminal is None else printable(str(terminal.get("message", "")))


def _ended(job: Json, terminal: Json | None, size: int) -> tuple[int, int]:
    """Return how many indexes ended well, and how many failed for good."""
    status = job.get("status", {})
    if job["spec"].get("completionMode") == "Indexed":
        done, failed = (
            len(indexes(status.get(f"{how}Indexes"))) for how in ("completed", "failed")
        )
        return done, failed
    done = int(status.get("succeeded") or 0)
    # `status.failed` counts pods that were followed by others, too.
    is_failed = terminal is not None and terminal["type"] == "Failed"
    return done, size - done if is_failed else 0


def _state(job: Json, terminal: Json | None, *, running: int) -> str:
    if terminal is not None:
        return "done" if terminal["type"] == "Complete" else "failed"
    if is_deleted(job):
        return "ending"
    return "running" if running else "waiting"
