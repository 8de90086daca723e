"""`yule drive`: carry out a case inside the cluster; what the Job of a driver runs."""

from pathlib import Path
from typing import Annotated

import typer

from yule_cli.commands.options import CaseArgument
from yule_cli.commands.reporting import errors_reported, exit_code

__all__ = ["code_of_loading", "code_of_run", "drive"]

# As Jobs of drivers have it: these two are not tried again.
_BAD_ORDER, _FAILED = 64, 65


def drive(
    case: CaseArgument,
    store: Annotated[
        str | None, typer.Option(help="URL of the store that has the case, as its key.")
    ] = None,
) -> None:
    """Run a case as the driver of its Job; its output goes to the store as well."""
    with errors_reported(debug=False):
        import os

        from gokart_store import open_store
        from yule_runner.pod_files import LOG, job_prefix, pod_prefix
        from yule_runner.worker.output import logged

        log_store, job, uid = (os.environ[f"YULE_{name}"] for name in ("STORE", "JOB", "JOB_UID"))
        prefix = pod_prefix(job, uid, 0, os.environ["YULE_POD"])
        with open_store(log_store).sharing(prefix) as folder, logged(folder / LOG):
            _report_start()
            _drive(case, store, (log_store, f"{job_prefix(job, uid)}/resolved.json"))


def _report_start() -> None:
    """Tell the cluster that this driver runs, as soon as anybody there listens."""
    import os
    import time

    from yule_runner.kubernetes import Patience
    from yule_runner.kubernetes.api import ClusterApi
    from yule_runner.kubernetes.backoff import Backoff
    from yule_runner.kubernetes.connecting import connect
    from yule_runner.kubernetes.driving import owner_of, report_start
    from yule_runner.kubernetes.errors import ApiUnavailable

    owner, namespace = owner_of(os.environ), os.environ.get("YULE_NAMESPACE")
    if owner is None or namespace is None:
        return
    backoff = Backoff(Patience(), owner.uid)
    api = ClusterApi(connect, namespace)
    while True:
        try:
            report_start(api, owner)
        except ApiUnavailable as error:
            typer.echo(str(error), err=True)
            time.sleep(backoff.next_s(error))
        else:
            api.close()
            return


def _drive(case: Path, store: str | None, kept: tuple[str, str]) -> None:
    from yule_cli.commands.run import run_here

    with errors_reported(debug=False, code_of=code_of_loading):
        from yule_cli.config import load_case
        from yule_cli.packing import unpacked

        loaded, document = load_case(unpacked(store, str(case)) if store else case)
    with errors_reported(debug=False, code_of=code_of_run):
        from yule_cli.resolution.once import ResolveOnce

        # A pod that replaces another goes on with the same data, whatever has come meanwhile.
        run_here(loaded, document, resolving=ResolveOnce(store=kept[0], key=kept[1]))


def code_of_loading(error: Exception) -> int:
    """Return what to leave with where a case cannot be read: a wrong file stays wrong."""
    from yule_cli.errors import CaseError

    causes: list[BaseException] = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    is_outage = any(isinstance(cause, OSError) for cause in causes)
    return _BAD_ORDER if isinstance(error, CaseError) and not is_outage else exit_code(error)


def code_of_run(error: Exception) -> int:
    """Return what to leave with where a run ends badly.

    What was tried often enough, or cancelled, is not tried again. All else is, even a case that
    cannot be resolved: whoever started the driver has resolved it, so data are out of reach.
    """
    from yule_runner.kubernetes.errors import RunCancelled

    from yule_cli.errors import TasksFailedError

    is_final = isinstance(error, TasksFailedError) or isinstance(error.__cause__, RunCancelled)
    return _FAILED if is_final else exit_code(error)
