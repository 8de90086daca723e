"""What the commands that look at a cluster share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from yule_cli.cluster_run import ClusterRun
from yule_cli.config import load_case
from yule_cli.state import State

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi
    from yule_runner.kubernetes.overview import JobOverview

__all__ = ["jobs_of", "latest_run"]


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
