"""What the pods of a run print, while its Jobs come and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gokart_store import Store
from yule_runner.kubernetes.logs import LogReader

if TYPE_CHECKING:
    from yule_runner.kubernetes.overview import JobOverview

__all__ = ["is_meant", "lines_of"]

_OVER = ("done", "failed")
_DRIVER = "driver"
_QUIET_LOOKS = 5


def is_meant(job: JobOverview, task: str | None) -> bool:
    """Say whether a Job is of a task's class, or is called so; any is, where no task is named."""
    return task is None or job.component.lower() == task.lower() or job.name.startswith(task)


def lines_of(
    looks: Iterable[Sequence[JobOverview]], store: Store, *, task: str | None, follow: bool
) -> Iterator[str]:
    """Yield what pods have printed, each line once, with the pod's name before it.

    Args:
        looks: The run's Jobs at each look; one more is taken only while there is more to come.
        store: The run's.
        task: Whose pods: see `is_meant`.
        follow: Go on until the run has had Jobs, and all of them have ended or are gone. One that
            is driven from elsewhere has none between two stages: it is over after some looks more.
    """
    readers: dict[str, LogReader] = {}
    was_seen = has_driver = False
    quiet = 0
    for jobs in looks:
        was_seen = was_seen or bool(jobs)
        # Asked before reading: what is printed before the end is read after it.
        has_driver = has_driver or any(job.component == _DRIVER for job in jobs)
        quiet = quiet + 1 if was_seen and all(job.state in _OVER for job in jobs) else 0
        is_last = not follow or quiet >= (1 if has_driver else _QUIET_LOOKS)
        meant = {job.uid: job for job in jobs if is_meant(job, task)}
        for uid, job in meant.items():
            readers.setdefault(uid, LogReader(store, job.name, uid))
        for uid, reader in list(readers.items()):
            is_gone = uid not in meant
            is_over = is_last or is_gone or meant[uid].state in _OVER
            for part in reader.news(is_last=is_over):
                for line in part.lines:
                    yield f"{part.pod}: {line}"
            if is_gone:
                del readers[uid]
        if is_last:
            return
