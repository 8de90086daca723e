"""What carries out a case's tasks: processes of this machine, or Jobs of a cluster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from yule_runner import Executor, LocalExecutor

from yule_cli.cluster_run import ClusterRun
from yule_cli.config import Case, Document
from yule_cli.config.document import FieldPath
from yule_cli.errors import CaseError

if TYPE_CHECKING:
    from yule_runner.kubernetes import ClusterSettings, Pool

    from yule_cli.config.cluster import Cluster, NodePool
    from yule_cli.preparation import Prepared
    from yule_cli.state import RunFolder, State

__all__ = [
    "check_cluster",
    "client_problem",
    "cluster_settings",
    "executor_for",
    "is_shared",
    "node_pools",
]


def executor_for(prepared: Prepared, run: RunFolder) -> AbstractContextManager[Executor]:
    """Return what carries out the tasks of a run.

    Raises:
        ClusterError: There is no way to the cluster.
    """
    options, machine = prepared.run, prepared.machine
    if options.cluster is not None:
        from yule_runner.kubernetes import KubernetesExecutor
        from yule_runner.kubernetes.connecting import connect

        settings = cluster_settings(prepared, options.cluster)
        # For whoever looks at the run from a machine of theirs.
        ClusterRun.of(settings, options.cluster.context).write(run)
        # A driver in the cluster uses its own account there.
        context = None if settings.owner else options.cluster.context
        return KubernetesExecutor(settings, connect=partial(connect, context=context))
    return LocalExecutor(
        workers=options.workers or machine.cpu,
        # A fit's threads are part of its identity: a smaller machine runs them all the same.
        cpu=max(machine.cpu, prepared.resolved.threads),
        memory_gib=machine.memory_gib,
        logs=run.logs,
    )


def cluster_settings(prepared: Prepared, cluster: Cluster) -> ClusterSettings:
    """Return where and how a case's Jobs run.

    The same resolved case is the same run on the cluster: started again, it takes over its Jobs.
    """
    from yule_runner.kubernetes import ClusterSettings, SharedFolder
    from yule_runner.kubernetes.driving import owner_of

    resolved = prepared.resolved
    return ClusterSettings(
        # A driver in the cluster is told: its data may have changed since it was started.
        run=os.environ.get("YULE_RUN") or f"{resolved.case}-{resolved.digest[:8]}",
        owner=owner_of(os.environ),
        namespace=cluster.namespace,
        image=cluster.image,
        store=prepared.state.store,
        pools=node_pools(cluster.pools),
        service_account=cluster.service_account,
        priority_class=cluster.priority_class,
        parallelism=cluster.parallelism,
        retries=prepared.run.retries,
        shared_folders=tuple(
            SharedFolder(claim=each.claim, path=each.path) for each in cluster.volumes
        ),
    )


def node_pools(pools: Sequence[NodePool]) -> tuple[Pool, ...]:
    """Return the pools of a case file as the runner knows them.

    Raises:
        PoolDefinitionError: A requirement on a label cannot be.
    """
    from yule_runner.kubernetes import NodeRequirement, Pool, Toleration

    return tuple(
        Pool(
            name=pool.name,
            cpu=pool.cpu,
            memory_gib=pool.memory_gib,
            gpu=pool.gpu,
            spot=pool.spot,
            node_selector=pool.node_selector,
            requirements=tuple(
                NodeRequirement(key=each.key, operator=each.operator, values=tuple(each.values))
                for each in pool.requirements
            ),
            tolerations=tuple(
                Toleration(key=each.key, value=each.value, effect=each.effect)
                for each in pool.tolerations
            ),
        )
        for pool in pools
    )


def check_cluster(case: Case, document: Document, state: State) -> None:
    """Refuse what no pod could do, as far as the case file tells.

    Raises:
        CaseError: `run` lacks its cluster or has one that it does not use; a pool cannot be; or
            pods cannot reach the store.
    """
    cluster = case.run.cluster
    if (cluster is not None) != (case.run.on == "kubernetes"):
        is_lacking = cluster is None
        found = "describes no `cluster`" if is_lacking else "has a `cluster`, but runs `local`"
        problem = f"{found}: `on: kubernetes` and `cluster` go together."
        raise CaseError([document.problem(("run",), problem)])
    if cluster is None:
        return
    lacking = client_problem()
    if lacking is not None:
        raise CaseError([document.problem(("run", "on"), lacking)])
    problems = [*_pool_problems(cluster, document), *_reach_problems(case, document, state)]
    if problems:
        raise CaseError(problems)


def _pool_problems(cluster: Cluster, document: Document) -> Iterator[str]:
    from yule_runner.kubernetes.pools import PoolDefinitionError

    try:
        node_pools(cluster.pools)
    except PoolDefinitionError as error:
        yield document.problem(("run", "cluster", "pools"), f"cannot be: {error}")


def _reach_problems(case: Case, document: Document, state: State) -> Iterator[str]:
    """Yield what is only on this machine, where pods cannot read it."""
    advice = "or a folder on a volume that all pods share (`run.cluster.volumes`)."
    if state.bucket is None and not is_shared(state.root, case):
        path: FieldPath = ("store",) if case.store else ("run", "on")
        problem = (
            f"keeps results in {state.root}, which no pod sees: use gs://bucket/prefix, {advice}"
        )
        yield document.problem(path, problem)
    for path, url, other in _warehouses(case):
        scheme, _, place = url.partition(":")
        if scheme == "duckdb" and not place.startswith("gs://"):
            folder = (document.path.absolute().parent / place).resolve()
            if not is_shared(folder, case):
                problem = f"is {folder}, which no pod sees: use {other}, {advice}"
                yield document.problem(path, problem)


def _warehouses(case: Case) -> Iterator[tuple[FieldPath, str, str]]:
    """Yield the fields that name a warehouse, with what they name and what pods see instead."""
    yield ("warehouse",), case.warehouse, "duckdb:gs://bucket/prefix"
    if case.publish is not None and case.publish.warehouse is not None:
        yield ("publish", "warehouse"), case.publish.warehouse, "bigquery://project/dataset"


def is_shared(path: Path, case: Case) -> bool:
    """Say whether a file or folder lies on a volume that all pods see."""
    volumes = case.run.cluster.volumes if case.run.cluster else []
    return any(path.resolve().is_relative_to(Path(each.path).resolve()) for each in volumes)


def client_problem() -> str | None:
    """Say what to install before anything can run on a cluster; None where all is there."""
    from importlib.util import find_spec

    if find_spec("kubernetes") is None or find_spec("kubernetes_validate") is None:
        return "`on: kubernetes` needs an extra: pip install 'yule-cli[kubernetes]'."
    return None
