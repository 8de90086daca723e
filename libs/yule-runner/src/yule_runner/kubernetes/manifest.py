"""Complete Job manifests: of a driver, and of a group of siblings."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from yule_runner.kubernetes.job_spec import JobSpec, JobSpecError, Siblings
from yule_runner.kubernetes.names import USED_BY, label_value
from yule_runner.kubernetes.pod_template import CONTAINER, pod_template

__all__ = ["SPEC_SHA256", "driver_manifest", "group_manifest", "spec_sha256"]

Json = dict[str, Any]

SPEC_SHA256 = "yule.dev/spec-sha256"
_BAD_ORDER = 64
_DETERMINISTIC_FAILURE = 65
_KILLED = 137
_DRIVER_RETRIES = 3
_IGNORED = {
    "action": "Ignore",
    "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
}


def driver_manifest(spec: JobSpec) -> Json:
    """Return the Job of a driver: one pod, on nodes that stay, with access to the API server.

    Raises:
        JobSpecError: the specification is that of a group.
    """
    if spec.siblings is not None:
        raise JobSpecError(f"Job {spec.name!r} has siblings: use group_manifest.")
    template = pod_template(spec, _labels(spec), has_token=True)
    template["metadata"]["annotations"] = {
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false"
    }
    fails = [_exits("FailJob", _BAD_ORDER, _DETERMINISTIC_FAILURE)]
    job = {"completions": 1, "parallelism": 1, "backoffLimit": _DRIVER_RETRIES}
    return _manifest(spec, job, fails, template)


def group_manifest(spec: JobSpec) -> Json:
    """Return the Indexed Job of a group of siblings: one pod for each index.

    Pods that are preempted are replaced without counting; exit code 64 (a work order that cannot
    be trusted) fails the Job, 65 (a task that will always fail) its index, and so does 137, which
    with the same memory would come again; anything else is tried again.

    Raises:
        JobSpecError: the specification is that of a driver.
    """
    if spec.siblings is None:
        raise JobSpecError(f"Job {spec.name!r} has no siblings: use driver_manifest.")
    fails = [_exits("FailJob", _BAD_ORDER), _exits("FailIndex", _DETERMINISTIC_FAILURE, _KILLED)]
    template = pod_template(spec, _labels(spec), has_token=False)
    return _manifest(spec, _indexed(spec.siblings), fails, template)


def spec_sha256(manifest: Json) -> str:
    """Return the digest of what a Job is to do.

    Two runs that ask for the same work share a Job; so its owners, and the run that created it,
    do not count.
    """
    body = copy.deepcopy(manifest)
    body["metadata"].pop("ownerReferences", None)
    annotations = body["metadata"].get("annotations", {})
    for name in [SPEC_SHA256, *(name for name in annotations if name.startswith(USED_BY))]:
        annotations.pop(name, None)
    for metadata in (body["metadata"], body["spec"]["template"]["metadata"]):
        for label in ("app.kubernetes.io/instance", "yule.dev/run"):
            metadata.get("labels", {}).pop(label, None)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(spec: JobSpec, job: Json, fails: list[Json], template: Json) -> Json:
    metadata: Json = {
        "name": spec.name,
        "namespace": spec.namespace,
        "labels": _labels(spec),
        "annotations": dict(spec.annotations),
    }
    if spec.owner is not None:
        owner = {"name": spec.owner.name, "uid": spec.owner.uid}
        metadata["ownerReferences"] = [{"apiVersion": "batch/v1", "kind": "Job"} | owner]
    body = job | {
        "suspend": False,
        "podReplacementPolicy": "Failed",
        "activeDeadlineSeconds": spec.deadline_s,
        "ttlSecondsAfterFinished": spec.kept_s,
        "podFailurePolicy": {"rules": [_IGNORED, *fails]},
        "template": template,
    }
    manifest: Json = {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": body}
    manifest = copy.deepcopy(manifest)
    manifest["metadata"]["annotations"][SPEC_SHA256] = spec_sha256(manifest)
    return manifest


def _indexed(siblings: Siblings) -> Json:
    job: Json = {
        "completionMode": "Indexed",
        "completions": siblings.completions,
        "parallelism": min(siblings.parallelism, siblings.completions),
        "backoffLimitPerIndex": siblings.retries,
    }
    if siblings.max_failed is not None:
        job["maxFailedIndexes"] = siblings.max_failed
    return job


def _exits(action: str, *codes: int) -> Json:
    values = {"containerName": CONTAINER, "operator": "In", "values": list(codes)}
    return {"action": action, "onExitCodes": values}


def _labels(spec: JobSpec) -> Json:
    run = label_value(spec.run)
    return {
        "app.kubernetes.io/name": "yule-runner",
        "app.kubernetes.io/component": label_value(spec.component),
        "app.kubernetes.io/instance": run,
        "app.kubernetes.io/managed-by": "yule-runner",
        "yule.dev/run": run,
    } | dict(spec.labels)
