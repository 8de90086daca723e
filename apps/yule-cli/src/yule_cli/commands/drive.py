"""`yule drive`: carry out a case inside the cluster; what the Job of a driver runs."""

from pathlib import Path
from typing import Annotated

import typer

from yule_cli.commands.options import CaseArgument

__all__ = ["drive"]

_INPUT_IS_WRONG, _RUN_FAILED = 2, 3
# As Jobs of drivers have it: these two are not tried again.
_BAD_ORDER, _FAILED = 64, 65


def drive(
    case: CaseArgument,
    store: Annotated[
        str | None, typer.Option(help="URL of the store that has the case, as its key.")
    ] = None,
) -> None:
    """Run a case as the driver of its Job; its output goes to the store as well."""
    import os

    from gokart_store import open_store
    from yule_runner.pod_files import LOG, pod_prefix
    from yule_runner.worker.output import logged

    from yule_cli.commands.run import run
    from yule_cli.packing import unpacked

    path = unpacked(store, str(case)) if store else Path(case)
    log_store, job, uid = (os.environ[f"YULE_{name}"] for name in ("STORE", "JOB", "JOB_UID"))
    prefix = pod_prefix(job, uid, 0, os.environ["YULE_POD"])
    try:
        with open_store(log_store).sharing(prefix) as folder, logged(folder / LOG):
            run(path)
    except typer.Exit as end:
        codes = {_INPUT_IS_WRONG: _BAD_ORDER, _RUN_FAILED: _FAILED}
        raise typer.Exit(codes.get(end.exit_code, end.exit_code)) from None
