"""A driver that is a Job itself: started once, found again, and the owner of what it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gokart_store import Resources

from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.errors import ClusterError, Conflict, NotFound, missing_namespace
from yule_runner.kubernetes.job_spec import JobSpec, Owner
from yule_runner.kubernetes.jobs import GENERATION, TASK_HASH
from yule_runner.kubernetes.manifest import driver_manifest
from yule_runner.kubernetes.names import STARTED, job_name
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.placement import choose_pool, shortage
from yule_runner.kubernetes.reading import is_deleted, terminal_condition
from yule_runner.kubernetes.settings import ClusterSettings, store_label
from yule_runner.kubernetes.uses import is_cancelled, use_of
from yule_runner.kubernetes.validation import validate_manifest

__all__ = ["DRIVER", "START_S", "DriverJob", "owner_of", "report_start", "start_driver"]

Json = dict[str, Any]

DRIVER = "driver"
START_S = int(Patience().unschedulable_s + Patience().image_s)
"""Seconds after which the cluster ends a driver that has not started."""
_ATTEMPTS = 5
_KEPT_S = 604_800
_DEADLINE_S = 259_200


@dataclass(frozen=True, kw_only=True)
class DriverJob:
    """The Job of a driver.

    Attributes:
        name: of the Job.
        uid: of the Job.
        is_new: whether it was started just now; else one was at work already.
    """

    name: str
    uid: str
    is_new: bool


def start_driver(
    api: ClusterApi,
    settings: ClusterSettings,
    *,
    command: Sequence[str],
    resources: Resources,
    service_account: str = "yule-driver",
) -> DriverJob:
    """Start the driver of a run, unless it is at work.

    One that has ended, well or not, or is cancelled, is followed by the next generation: a finished
    driver is not taken for one that works. One that has not called `report_start` within `START_S`
    is ended by the cluster: nobody may be there to see that its image does not exist.

    Args:
        api: the cluster.
        settings: of the run; the driver's pods get its environment, too.
        command: program and arguments of the driver. It finds its own Job by `owner_of`, and
            calls `report_start` as soon as it runs.
        resources: what it needs.
        service_account: whom it acts as: it makes, watches and ends Jobs.

    Raises:
        ApiUnavailable: the API server does not answer; start it again, nothing is doubled.
        ClusterError: the cluster refuses, or no pool whose nodes stay has room for a driver.
    """
    digest = _digest(settings, command)
    spec = _spec(settings, command, resources, service_account, digest)
    selector = f"{settings.selector},{TASK_HASH}={digest}"
    for _ in range(_ATTEMPTS):
        known, _ = api.list_all(JOBS, selector)
        if (at_work := _at_work(known, settings.run)) is not None:
            name, uid = at_work["metadata"]["name"], at_work["metadata"]["uid"]
            return DriverJob(name=name, uid=uid, is_new=False)
        generation = 1 + max((_generation(job) for job in known), default=0)
        name = job_name(DRIVER, settings.run, digest, generation=generation)
        labels = {**spec.labels, GENERATION: str(generation)}
        manifest = driver_manifest(replace(spec, name=name, labels=labels))
        validate_manifest(manifest, api.version())
        try:
            created = api.create(JOBS, manifest)
        except Conflict:
            continue  # somebody was faster: look again
        except NotFound as error:
            raise missing_namespace(error, settings.namespace) from error
        return DriverJob(name=name, uid=created["metadata"]["uid"], is_new=True)
    raise ClusterError(
        f"The driver of {settings.run} cannot be started: its name is taken each time, by a Job "
        "that this package has not made. Delete it."
    )


def owner_of(environment: Mapping[str, str]) -> Owner | None:
    """Return the Job that this process drives for, from its variables; None outside of one."""
    name, uid = environment.get("YULE_OWNER_NAME"), environment.get("YULE_OWNER_UID")
    return Owner(name=name, uid=uid) if name and uid else None


def report_start(api: ClusterApi, owner: Owner) -> None:
    """Tell the cluster that a driver has started: from now on it has days.

    Args:
        api: the cluster.
        owner: the driver's own Job.

    Raises:
        NotFound, Conflict: somebody has deleted the Job.
        ApiUnavailable: the API server does not answer; tell it again.
        ClusterError: the driver's account may not change its Job.
    """
    change = {
        "metadata": {"uid": owner.uid, "annotations": {STARTED: "true"}},
        "spec": {"activeDeadlineSeconds": _DEADLINE_S},
    }
    api.merge(JOBS, owner.name, change)


def _spec(
    settings: ClusterSettings,
    command: Sequence[str],
    resources: Resources,
    service_account: str,
    digest: str,
) -> JobSpec:
    """Return the specification of the first generation."""
    staying = [pool for pool in settings.pools if pool.spot != "spot"]
    if not staying:
        raise ClusterError(
            "A driver needs nodes that stay, and all pools are `spot`: describe one that is "
            "`on-demand` or `spot-with-escape`."
        )
    pool = choose_pool(resources, staying)
    if pool is None:
        raise ClusterError(f"The driver fits on no pool: {shortage(resources, staying)}")
    return JobSpec(
        name=job_name(DRIVER, settings.run, digest),
        namespace=settings.namespace,
        component=DRIVER,
        run=settings.run,
        image=settings.image,
        command=tuple(command),
        resources=resources,
        pool=pool,
        is_on_demand=True,
        service_account=service_account,
        labels={
            "yule.dev/store": store_label(settings.store),
            TASK_HASH: digest,
            GENERATION: "1",
        },
        annotations=use_of(settings.run),
        environment=settings.environment,
        shared_folders=settings.shared_folders,
        priority_class=settings.priority_class,
        deadline_s=START_S,
        kept_s=_KEPT_S,
    )


def _digest(settings: ClusterSettings, command: Sequence[str]) -> str:
    text = "\n".join([store_label(settings.store), settings.run, settings.image, *command])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _at_work(jobs: Iterable[Json], run: str) -> Json | None:
    found = [
        job
        for job in jobs
        if terminal_condition(job) is None and not is_deleted(job) and not is_cancelled(job, run)
    ]
    return max(found, key=lambda job: str(job["metadata"]["name"]), default=None)


def _generation(job: Json) -> int:
    return int((job["metadata"].get("labels") or {}).get(GENERATION, "0"))
