"""A run whose driver is a Job of the cluster: what it is given, and how it is started."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from gokart_store import Resources

from yule_cli.cluster_run import ClusterRun
from yule_cli.config import Case, Document
from yule_cli.config.cluster import Cluster
from yule_cli.errors import CaseError
from yule_cli.executors import cluster_settings, is_shared
from yule_cli.packing import packed
from yule_cli.preparation import Prepared, prepare
from yule_cli.secrets import REFERENCE
from yule_cli.state import RunFolder, State

__all__ = ["DRIVER", "Driver", "launch", "start_detached"]

DRIVER = Resources(cpu=1, memory_gib=4)


@dataclass(frozen=True, kw_only=True)
class Driver:
    """A driver in the cluster.

    Attributes:
        run: The run, as its folder remembers it.
        job: Name of the driver's Job.
        uid: Of the driver's Job.
        folder: The run's folder on this machine.
        is_new: Whether it was started just now; else one was at work already.
        warning: How far this machine's clock is from the cluster's; empty where it is not.
    """

    run: ClusterRun
    job: str
    uid: str
    folder: RunFolder
    is_new: bool
    warning: str = ""


def start_detached(case: Case, document: Document) -> Driver:
    """Start the driver of a case in its cluster, unless it is at work.

    Raises:
        CaseError: The case cannot be run so; every problem is named.
        ClusterError: There is no way to the cluster, or it refuses.
    """
    if case.run.cluster is None:
        problem = "is not `kubernetes`: only a cluster has a place for a driver of its own."
        raise CaseError([document.problem(("run", "on"), problem)])
    prepared = prepare(case, document)
    if prepared.place is not None and prepared.place.database is not None:
        problem = (
            "would be an SQLite file, which a driver in a cluster cannot share with anybody: name "
            "an MLflow server, do without (`tracking: {enabled: false}`), or drive the run from "
            "this machine (--here)."
        )
        path = ("tracking", "uri") if case.tracking.uri else ()
        problem = problem if path else f"`tracking.uri` {problem}"
        raise CaseError([document.problem(path, problem)])
    secret = _secret_problem(case, document, prepared.state)
    if prepared.place is not None and secret is not None:
        raise CaseError([document.problem(("tracking", "uri"), secret)])
    return launch(prepared, case.run.cluster, document)


def launch(prepared: Prepared, cluster: Cluster, document: Document) -> Driver:
    """Start the driver of a case that can be run; see `start_detached`."""
    from yule_runner.kubernetes.driving import start_driver

    settings = cluster_settings(prepared, cluster)
    found = ClusterRun.of(settings, cluster.context)
    api = found.api()
    told = {
        "YULE_RUN": settings.run,
        "YULE_STORE": settings.store,
        "YULE_NAMESPACE": settings.namespace,
    }
    driver = start_driver(
        api,
        replace(settings, environment=told),
        command=_command(prepared, document),
        resources=DRIVER,
    )
    api.close()
    folder = prepared.state.new_run(prepared.resolved.case)
    found.write(folder)
    return Driver(
        run=found,
        job=driver.name,
        uid=driver.uid,
        folder=folder,
        is_new=driver.is_new,
        warning=api.skew.words,
    )


def _command(prepared: Prepared, document: Document) -> tuple[str, ...]:
    """Name the case where the driver sees it: on the shared volume, or in the bucket."""
    state = prepared.state
    if state.bucket is None:
        return ("yule", "drive", str(document.path.absolute()))
    return ("yule", "drive", "--store", state.store, packed(document, state.store))


def _secret_problem(case: Case, document: Document, state: State) -> str | None:
    """Say which secret of `tracking.uri` a driver in the cluster would not find."""
    folder = document.path.absolute().parent
    for kind, name in REFERENCE.findall(case.tracking.uri or ""):
        is_found = state.bucket is None or Path(name).is_absolute()
        if kind != "file" or not is_found or not is_shared(folder / name, case):
            return (
                f"names the secret ${{{kind}:{name}}}, which a driver in the cluster cannot read: "
                "name a server that asks pods for no password, or a ${file:PATH} on a volume that "
                "all pods share (`run.cluster.volumes`), or drive the run from here (--here)."
            )
    return None
