"""`yule cancel`: end a case's run on a cluster."""

import typer

from yule_cli.commands.options import CaseArgument, DebugOption
from yule_cli.commands.reporting import errors_reported

__all__ = ["cancel"]


def cancel(case: CaseArgument, debug: DebugOption = False) -> None:
    """End the Jobs of a case's latest run on a cluster.

    Jobs that other runs use go on for them. What is stored stays: the next run goes on from there.
    """
    with errors_reported(debug=debug):
        from gokart_store import open_store
        from yule_runner.kubernetes.cancelling import cancel_run

        from yule_cli.commands.cluster import latest_run

        found = latest_run(case)
        api = found.api()
        typer.echo(f"Ending {found.run}.", err=True)
        store = open_store(found.store)
        done = cancel_run(api, run=found.run, selector=found.selector, store=store)
        api.close()
        for name in done.ended:
            typer.echo(f"ended   {name}")
        for name in done.left:
            typer.echo(f"left    {name}, which another run uses")
        for name in done.ending:
            typer.echo(f"ending  {name}, whose pods have not confirmed their end")
        if not (done.ended or done.left or done.ending):
            typer.echo(f"Nothing of {found.run} was running.")
