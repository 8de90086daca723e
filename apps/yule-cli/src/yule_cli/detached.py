"""A run whose driver is a Job of the cluster: what it is given, and how it is started."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path

from gokart_store import Resources, open_store

from yule_cli.cluster_run import ClusterRun
from yule_cli.config import Case, Document
from yule_cli.config.cluster import Cluster
from yule_cli.errors import CaseError
from yule_cli.executors import cluster_settings
from yule_cli.preparation import Prepared, prepare

__all__ = ["launch", "start_detached", "unpacked"]

_CASE, _CATALOG = "case.yaml", "catalog.yaml"
_DRIVER = Resources(cpu=1, memory_gib=4)


def start_detached(case: Case, document: Document) -> tuple[str, bool]:
    """Start the driver of a case in its cluster, unless it is at work.

    Returns:
        The name of its Job, and whether that is new.

    Raises:
        CaseError: The case cannot be run so; every problem is named.
        ClusterError: There is no way to the cluster, or it refuses.
    """
    if case.run.cluster is None:
        problem = "is not `kubernetes`: only a cluster has a place for a driver of its own."
        raise CaseError([document.problem(("run", "on"), problem)])
    prepared = prepare(case, document)
    if prepared.place.database is not None:
        problem = (
            "would be an SQLite file, which a driver in a cluster cannot share with anybody: name "
            "an MLflow server."
        )
        path = ("tracking", "uri") if case.tracking.uri else ()
        problem = problem if path else f"`tracking.uri` {problem}"
        raise CaseError([document.problem(path, problem)])
    return launch(prepared, case.run.cluster, document)


def launch(prepared: Prepared, cluster: Cluster, document: Document) -> tuple[str, bool]:
    """Start the driver of a case that can be run; see `start_detached`."""
    from yule_runner.kubernetes.driving import start_driver

    settings = cluster_settings(prepared, cluster)
    found = ClusterRun.of(settings, cluster.context)
    api = found.api()
    told = {"YULE_RUN": settings.run, "YULE_STORE": settings.store}
    driver = start_driver(
        api,
        replace(settings, environment=told),
        command=_command(prepared, document),
        resources=_DRIVER,
    )
    api.close()
    found.write(prepared.state.new_run(prepared.resolved.case))
    return driver.name, driver.is_new


def unpacked(store: str, key: str) -> Path:
    """Bring a case that `start_detached` has put into a store; return its file.

    Raises:
        CaseError: What lies there is not what the driver was started for.
    """
    content = open_store(store).read_bytes(key) or b""
    if hashlib.sha256(content).hexdigest() != Path(key).stem:
        raise CaseError([f"{store}/{key} is not the case that the driver was started for."])
    folder = Path(tempfile.mkdtemp(prefix="case-"))
    files = json.loads(content)
    for name in (_CASE, _CATALOG):
        (folder / name).write_text(files[name], encoding="utf-8")
    return folder / _CASE


def _command(prepared: Prepared, document: Document) -> tuple[str, ...]:
    """Name the case where the driver sees it: on the shared volume, or in the bucket."""
    import yaml

    state, path = prepared.state, document.path.absolute()
    if state.bucket is None:
        return ("yule", "drive", str(path))
    catalog = (path.parent / document.content["catalog"]).read_text(encoding="utf-8")
    case = yaml.safe_dump(document.content | {"catalog": _CATALOG}, sort_keys=False)
    content = json.dumps({_CASE: case, _CATALOG: catalog}, sort_keys=True).encode()
    key = f"cases/{hashlib.sha256(content).hexdigest()}.json"
    open_store(state.store).write_bytes(key, content)
    return ("yule", "drive", "--store", state.store, key)
