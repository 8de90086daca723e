"""`yule logs`: what the pods of a case's run have printed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

if TYPE_CHECKING:
    from yule_runner.kubernetes.api import ClusterApi
    from yule_runner.kubernetes.overview import JobOverview

    from yule_cli.cluster_run import ClusterRun

__all__ = ["logs"]

_POLL_S = 2.0


def logs(
    case: CaseArgument,
    task: Annotated[
        str | None,
        typer.Argument(help="A task's class, as TrainFold, or a Job's name; all by default."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on until the run's Jobs have ended.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Show what the pods of a case's latest run on a cluster have printed, from the store."""
    with errors_reported(debug=debug):
        from gokart_store import open_store

        from yule_cli.commands.cluster import latest_run
        from yule_cli.following import lines_of

        found = latest_run(case)
        api, seen = found.api(), dict[str, str]()
        looks = _looks(found, api, task, seen=seen, follow=follow)
        for line in lines_of(looks, open_store(found.store), task=task, follow=follow):
            typer.echo(line)
        for words in filter(None, seen.values()):
            typer.echo(words, err=True)
        api.close()
        if not seen:
            named = f" called {task}" if task else ""
            typer.echo(f"The cluster has no Jobs of {found.run}{named}.", err=True)


def _looks(
    found: ClusterRun, api: ClusterApi, task: str | None, *, seen: dict[str, str], follow: bool
) -> Iterator[list[JobOverview]]:
    """Yield the run's Jobs again and again; note those that are meant, and why one never began."""
    from yule_runner.kubernetes.errors import ApiUnavailable

    from yule_cli.commands.cluster import jobs_of
    from yule_cli.following import is_meant

    is_told = False
    trouble = ""
    while True:
        try:
            jobs = jobs_of(found, api)
        except ApiUnavailable as error:
            if not follow:
                raise
            if not trouble:
                typer.echo(f"{error} Waiting for it.", err=True)
            trouble = str(error)
            time.sleep(_POLL_S)
            continue
        trouble = ""
        meant = (job for job in jobs if is_meant(job, task))
        seen |= {job.uid: job.message if job.is_unstarted else "" for job in meant}
        if follow and not jobs and not seen and not is_told:
            typer.echo(f"Waiting for Jobs of {found.run}: the cluster has none yet.", err=True)
            is_told = True
        yield jobs
        time.sleep(_POLL_S)
