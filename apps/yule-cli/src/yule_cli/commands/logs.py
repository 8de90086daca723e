"""`yule logs`: what the pods of a case's run have printed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

if TYPE_CHECKING:
    from yule_runner.kubernetes.overview import JobOverview

__all__ = ["logs"]

_POLL_S = 2.0
_OVER = ("done", "failed")


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
        from yule_runner.kubernetes.logs import LogReader

        from yule_cli.commands.cluster import jobs_of, latest_run

        found = latest_run(case)
        api, store = found.api(), open_store(found.store)
        readers: dict[str, LogReader] = {}
        while True:
            jobs = [job for job in jobs_of(found, api) if _is_meant(job, task)]
            # Asked before reading: what is printed before the end is read after it.
            is_last = not follow or all(job.state in _OVER for job in jobs)
            for job in jobs:
                reader = readers.setdefault(job.uid, LogReader(store, job.name, job.uid))
                for part in reader.news(is_last=is_last or job.state in _OVER):
                    for line in part.lines:
                        typer.echo(f"{part.pod}: {line}")
            if is_last:
                break
            time.sleep(_POLL_S)
        api.close()
        if not readers:
            named = f" called {task}" if task else ""
            typer.echo(f"The cluster has no Jobs of {found.run}{named}.", err=True)


def _is_meant(job: JobOverview, task: str | None) -> bool:
    return task is None or job.component.lower() == task.lower() or job.name.startswith(task)
