"""What the commands that look at a cluster share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.state import State

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi
    from yule_runner.kubernetes.overview import JobOverview

__all__ = ["complaints", "jobs_of", "latest_run", "no_scale_ups"]


def latest_run(path: Path) -> ClusterRun:
    """Return the latest run of a case file on a cluster.

    Raises:
        CaseError: The file is no case, or there is no such run.
    """
    case, document = load_case(path)
    return ClusterRun.latest(State.of(case, document), case.case)


def jobs_of(found: ClusterRun, api: ClusterApi) -> list[JobOverview]:
    """Return a run's Jobs as they are now, oldest first."""
    from yule_runner.kubernetes.api import JOBS, PODS
    from yule_runner.kubernetes.overview import overview

    jobs, _ = api.list_all(JOBS, found.selector)
    pods, _ = api.list_all(PODS, found.selector)
    return overview(jobs, pods, run=found.run)


def no_scale_ups(jobs: Iterable[JobOverview], api: ClusterApi) -> dict[str, str]:
    """Return why no nodes are added for Jobs that wait for some, by name: a request for each."""
    from yule_runner.kubernetes.holdups import no_scale_up_words
    from yule_runner.kubernetes.reading import no_scale_up

    said = {job.name: no_scale_up(api.events_of(job.waiting)) for job in jobs if job.waiting}
    return {name: no_scale_up_words(words) for name, words in said.items() if words}


def complaints(jobs: Iterable[JobOverview], api: ClusterApi) -> dict[str, str]:
    """Return what the cluster said last of drivers that never started, by name."""
    from yule_runner.kubernetes.starts import last_complaint

    said = {job.name: last_complaint(api, job.uid) for job in jobs if job.is_unstarted}
    return {name: words for name, words in said.items() if words}
