"""Which runs a Job computes for: one annotation each, so that two drivers never overwrite it.

A driver in the cluster also owns the Job, so that the garbage collector knows; one elsewhere has
nothing that could.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any, Literal

from yule_runner.kubernetes.api import JOBS, ClusterApi
from yule_runner.kubernetes.cancel_mark import cancelled
from yule_runner.kubernetes.errors import Conflict, NotFound
from yule_runner.kubernetes.job_spec import Owner
from yule_runner.kubernetes.names import CANCELLED, USED_BY, label_value
from yule_runner.kubernetes.reading import is_deleted, terminal_condition

__all__ = [
    "Release",
    "check_not_cancelled",
    "is_cancelled",
    "is_used_by",
    "mark_cancelled",
    "release",
    "take",
    "use_of",
]

Json = dict[str, Any]
Release = Literal["deleted", "over", "shared", "contended"]

_ATTEMPTS = 5


def use_of(run: str) -> dict[str, str]:
    """Return the annotation that says that a run uses a Job."""
    return {f"{USED_BY}{label_value(run)}": "true"}


def is_used_by(job: Json, run: str) -> bool:
    """Say whether the run uses the Job."""
    return bool(use_of(run).keys() & _users(job))


def is_cancelled(job: Json, run: str) -> bool:
    """Say whether somebody has cancelled the run since it began to use the Job."""
    return f"{CANCELLED}{label_value(run)}" in (job["metadata"].get("annotations") or {})


def check_not_cancelled(job: Json | None, uid: str, run: str) -> None:
    """Look at a Job of a run: its driver's, or one that computes for it.

    Args:
        job: the Job, as far as anybody knows of it.
        uid: of the one that is meant.
        run: the run.

    Raises:
        RunCancelled: somebody has cancelled the run.
    """
    if job is not None and job["metadata"]["uid"] == uid and is_cancelled(job, run):
        raise cancelled(run)


def mark_cancelled(api: ClusterApi, job: Json, run: str) -> None:
    """Note on a Job that a run was cancelled: its driver, wherever it is, reads it and ends.

    Raises:
        NotFound, Conflict: it is gone, or another one has its name.
    """
    metadata = job["metadata"]
    change = {"uid": metadata["uid"], "annotations": {f"{CANCELLED}{label_value(run)}": "true"}}
    api.merge(JOBS, metadata["name"], {"metadata": change})


def take(api: ClusterApi, job: Json, run: str, owner: Owner | None) -> Json:
    """Note on a Job that a run uses it; return it as it is then.

    Raises:
        NotFound, Conflict: it is gone, or another one has its name.
    """
    metadata = job["metadata"]
    uids = {each["uid"] for each in metadata.get("ownerReferences", [])}
    is_mine = is_used_by(job, run) and not is_cancelled(job, run)
    if is_mine and (owner is None or owner.uid in uids):
        return job
    begun = use_of(run) | {f"{CANCELLED}{label_value(run)}": None}
    change: Json = {"uid": metadata["uid"], "annotations": begun}
    if owner is not None:
        reference = {"apiVersion": "batch/v1", "kind": "Job", "name": owner.name, "uid": owner.uid}
        # Merged by uid: other owners stay.
        change["ownerReferences"] = [reference]
    return api.merge(JOBS, metadata["name"], {"metadata": change}, strategic=True)


def release(
    api: ClusterApi, name: str, uid: str, run: str, owners: Collection[str] = ()
) -> Release:
    """Take a run off a Job, and delete the Job if no other run uses it; pods go first.

    Whoever begins to use it meanwhile makes the deletion fail, and then it stays.

    Args:
        api: the cluster.
        name: of the Job.
        uid: of the Job: another one of its name is left alone.
        run: that lets go.
        owners: uids of the run's drivers, which no longer own it.

    Returns:
        `deleted` where it is being deleted, or is gone; `over` where it had ended; `shared` where
        it goes on for others; `contended` where nothing is done, because others change it again
        and again: try later.
    """
    for _ in range(_ATTEMPTS):
        try:
            job = api.get(JOBS, name)
        except NotFound:
            return "deleted"
        if job["metadata"]["uid"] != uid or is_deleted(job):
            return "deleted"
        with suppress(Conflict, NotFound):
            return _release(api, job, run, owners)
    return "contended"


def _release(api: ClusterApi, job: Json, run: str, gone: Collection[str]) -> Release:
    metadata = job["metadata"]
    name, uid, version = metadata["name"], metadata["uid"], metadata["resourceVersion"]
    mine = next(iter(use_of(run)))
    if not _users(job) - {mine}:
        if terminal_condition(job) is not None:
            return "over"
        api.delete(JOBS, name, uid=uid, version=version, policy="Foreground")
        return "deleted"
    owners = metadata.get("ownerReferences", [])
    kept = [each for each in owners if each["uid"] not in gone]
    change: Json = {"uid": uid, "resourceVersion": version, "annotations": {mine: None}}
    if kept != owners:
        change["ownerReferences"] = kept
    api.merge(JOBS, name, {"metadata": change})
    return "shared"


def _users(job: Json) -> set[str]:
    annotations = job["metadata"].get("annotations") or {}
    return {name for name in annotations if name.startswith(USED_BY)}
