"""Pods that the Job controller makes and removes, and the events that say so."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.api.deletion import DeleteOptions
from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.controllers.recorder import EventRecorder
from yule_runner.testing.kubernetes.jobs import pods as of
from yule_runner.testing.kubernetes.jobs.context import SyncContext
from yule_runner.testing.kubernetes.jobs.failure_policy import judge
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError

__all__ = ["PodControl"]

Json = dict[str, Any]

_POD = BY_KIND["Pod"]
_LONGEST_PREFIX = 58
_INDEX_ENV = "JOB_COMPLETION_INDEX"


class PodControl:
    """Creates, deletes and releases pods of Jobs through the API."""

    def __init__(self, operations: Operations, recorder: EventRecorder) -> None:
        self._api, self._recorder = operations, recorder

    def create(self, seen: SyncContext, index: int | None) -> bool:
        """Create a pod; return whether the API let it be.

        Raises:
            ApiError: what the API said, after the event FailedCreate.
        """
        job = seen.job
        namespace = job["metadata"]["namespace"]
        try:
            pod, _ = self._api.create(_POD, namespace, _new_pod(seen, index))
        except ApiError as error:
            self._recorder.record(job, "Warning", "FailedCreate", f"Error creating: {error}")
            raise
        name = pod["metadata"]["name"]
        self._recorder.record(job, "Normal", "SuccessfulCreate", f"Created pod: {name}")
        return True

    def delete(self, job: Json, pod: Json) -> None:
        """Delete a pod with its own grace period."""
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        try:
            self._api.delete(_POD, namespace, name, DeleteOptions())
        except ApiError as error:
            if error.code == 404:
                return
            text = f"Error deleting: {error}"
            self._recorder.record(job, "Warning", "FailedDelete", text)
            raise
        self._recorder.record(job, "Normal", "SuccessfulDelete", f"Deleted pod: {name}")

    def release(self, pod: Json) -> None:
        """Take the tracking finalizer off a pod: it is accounted for."""
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        patch = {"metadata": {"$deleteFromPrimitiveList/finalizers": [of.TRACKING]}}
        media_type = "application/strategic-merge-patch+json"
        try:
            self._api.patch(_POD, namespace, name, patch, media_type)
        except ApiError as error:
            if error.code != 404:
                raise

    def adopt(self, job: Json, pod: Json) -> Json:
        """Make the Job the controller of an orphan that its selector selects."""
        metadata = pod["metadata"]
        owners = [*metadata.get("ownerReferences", []), _controller_reference(job)]
        finalizers = [*metadata.get("finalizers", []), of.TRACKING]
        patch = {"metadata": {"ownerReferences": owners, "finalizers": finalizers}}
        media_type = "application/merge-patch+json"
        return self._api.patch(_POD, metadata["namespace"], metadata["name"], patch, media_type)

    def disown(self, job: Json, pod: Json) -> None:
        """Let go of a pod whose labels are no longer those of the Job."""
        metadata = pod["metadata"]
        patch = {
            "metadata": {
                "uid": metadata["uid"],
                "ownerReferences": [{"$patch": "delete", "uid": job["metadata"]["uid"]}],
                "$deleteFromPrimitiveList/finalizers": [of.TRACKING],
            }
        }
        media_type = "application/strategic-merge-patch+json"
        self._api.patch(_POD, metadata["namespace"], metadata["name"], patch, media_type)


def _new_pod(seen: SyncContext, index: int | None) -> Json:
    job = seen.job
    name = job["metadata"]["name"]
    template = copy.deepcopy(job["spec"]["template"])
    metadata, spec = template.get("metadata", {}), template["spec"]
    metadata["generateName"] = _prefix(name, "-" if index is None else f"-{index}-")
    metadata["finalizers"] = [*metadata.get("finalizers", []), of.TRACKING]
    metadata["ownerReferences"] = [_controller_reference(job)]
    if index is not None:
        annotations = metadata.setdefault("annotations", {})
        annotations[of.COMPLETION_INDEX] = str(index)
        metadata.setdefault("labels", {})[of.COMPLETION_INDEX] = str(index)
        spec["hostname"] = f"{name}-{index}"
        for container in [*spec.get("initContainers", []), *spec["containers"]]:
            _add_index_variable(container)
        if seen.is_limited_per_index:
            annotations |= _failure_counts(job, seen.delayed.get(index))
    return {"metadata": metadata, "spec": spec}


def _failure_counts(job: Json, replaced: Json | None) -> dict[str, str]:
    if replaced is None:
        return {of.FAILURE_COUNT: "0"}
    failures = of.read_count(replaced, of.FAILURE_COUNT)
    ignored = of.read_count(replaced, of.IGNORED_COUNT)
    if judge(job, replaced).is_counted:
        failures += 1
    else:
        ignored += 1
    counts = {of.FAILURE_COUNT: str(failures)}
    return counts | ({of.IGNORED_COUNT: str(ignored)} if ignored else {})


def _add_index_variable(container: Json) -> None:
    variables = container.setdefault("env", [])
    if not any(each["name"] == _INDEX_ENV for each in variables):
        path = f"metadata.labels['{of.COMPLETION_INDEX}']"
        source = {"fieldRef": {"apiVersion": "v1", "fieldPath": path}}
        variables.append({"name": _INDEX_ENV, "valueFrom": source})


def _prefix(name: str, ending: str) -> str:
    return name[: _LONGEST_PREFIX - len(ending)] + ending


def _controller_reference(job: Json) -> Json:
    metadata = job["metadata"]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "name": metadata["name"],
        "uid": metadata["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }
