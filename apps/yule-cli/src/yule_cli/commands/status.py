"""`yule status`: what a case's run does on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

if TYPE_CHECKING:
    from rich.table import Table
    from yule_runner.kubernetes.overview import JobOverview

__all__ = ["status"]


def status(
    case: CaseArgument,
    json_output: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    debug: DebugOption = False,
) -> None:
    """Show the Jobs of a case's latest run on a cluster, and what their pods wait for."""
    with errors_reported(debug=debug):
        import json
        from dataclasses import asdict

        from gokart_store import open_store
        from rich.console import Console
        from yule_runner.kubernetes.pulse import silences

        from yule_cli.commands.cluster import complaints, jobs_of, latest_run, no_scale_ups

        found = latest_run(case)
        api = found.api()
        jobs = jobs_of(found, api)
        unscaled = no_scale_ups(jobs, api)
        unstarted = complaints(jobs, api)
        api.close()
        silent = silences(open_store(found.store), jobs, now=api.skew.now())
        if api.skew.words:
            typer.echo(api.skew.words, err=True)
        if json_output:
            rows = [asdict(each) for each in jobs]
            for row in rows:
                row["no_scale_up"] = unscaled.get(row["name"], "")
                row["complaint"] = unstarted.get(row["name"], "")
                row["silent"] = [each.pod for each in silent if each.job == row["name"]]
            typer.echo(json.dumps({"run": found.run, "jobs": rows}))
            return
        console = Console()
        if not jobs:
            typer.echo(f"The cluster has no Jobs of {found.run}.")
            return
        console.print(_table(found.run, jobs))
        for job in jobs:
            for words, count in job.reasons:
                pods = "1 pod waits" if count == 1 else f"{count} pods wait"
                place = f" on pool {job.pool}" if job.pool else ""
                line = f"{job.name}{place}: {pods}: {words}"
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            if job.name in unscaled:
                line = f"{job.name}: {unscaled[job.name]}"
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            if job.state == "failed":
                said = f" The cluster said: {unstarted[job.name]}" if job.name in unstarted else ""
                line = f"{job.name} failed: {job.message}{said}"
                console.print(line, highlight=False, markup=False, soft_wrap=True)
        for each in silent:
            line = (
                f"{each.job}: {each.pod} runs, and has given no sign of life since "
                f"{each.since:%H:%M:%S} UTC, by its own clock"
            )
            console.print(line, highlight=False, markup=False, soft_wrap=True)


def _table(run: str, jobs: list[JobOverview]) -> Table:
    from rich.table import Table

    from yule_cli.stages import stage_of

    table = Table(title=run, box=None, title_justify="left")
    for heading in ("stage", "task", "state"):
        table.add_column(heading)
    for heading in ("done", "running", "failed", "preempted"):
        table.add_column(heading, justify="right")
    for job in jobs:
        shared = " (shared)" if job.is_shared else ""
        table.add_row(
            "" if job.component == "driver" else stage_of(job.component),
            job.component,
            f"{job.state}{shared}",
            f"{job.done}/{job.indexes}",
            str(job.running),
            str(job.failed),
            str(job.preemptions),
        )
    return table
