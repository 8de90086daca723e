"""The Jobs that a plan would make, without a cluster."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gokart_store import Resources

from yule_runner.executor import Submission
from yule_runner.kubernetes.flight import Need
from yule_runner.kubernetes.jobs import flight_manifest
from yule_runner.kubernetes.placement import place
from yule_runner.kubernetes.pools import Pool
from yule_runner.kubernetes.settings import ClusterSettings
from yule_runner.order import OrderFile, StoredOrder, WorkOrder
from yule_runner.planning import Group
from yule_runner.source import GraphSource

__all__ = ["render"]

Json = dict[str, Any]


def render(
    groups: Iterable[Group], *, source: GraphSource, settings: ClusterSettings
) -> list[Json]:
    """Return a manifest for each group of a plan, in the order in which they would be made.

    Nothing is sent or stored. A run makes the same ones, as long as no task of a group is stored,
    or is in flight for another run.

    Raises:
        PoolError: some tasks fit on no pool.
        JobSpecError, ManifestError: the cluster would refuse a Job.
    """
    listed = list(groups)
    pools = place(listed, settings.pools) if listed else {}
    return [_manifest(group, pools, source, settings) for group in listed]


def _manifest(
    group: Group,
    pools: Mapping[tuple[str, Resources], Pool],
    source: GraphSource,
    settings: ClusterSettings,
) -> Json:
    order = WorkOrder(source=source, task_ids=group.task_ids)
    sha256 = hashlib.sha256(order.to_bytes()).hexdigest()
    submission = Submission(
        name=group.name,
        resources=group.resources,
        order=order,
        file=OrderFile(path=Path(), sha256=sha256),
        is_stored=lambda _: False,
    )
    return flight_manifest(
        submission,
        group.task_ids,
        Need(memory_gib=group.resources.memory_gib),
        order=StoredOrder(store=settings.store, sha256=sha256),
        pool=pools[group.name, group.resources],
        generation=1,
        settings=settings,
    )
