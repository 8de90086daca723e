"""The pods of a Job: where they run, as whom, with what."""

from __future__ import annotations

from typing import Any

from yule_runner.kubernetes.job_spec import JobSpec
from yule_runner.kubernetes.pools import NodeRequirement, Pool
from yule_runner.kubernetes.quantities import cpu_quantity, memory_quantity

__all__ = ["CONTAINER", "can_escape", "pod_template"]

Json = dict[str, Any]

CONTAINER = "main"
_USER = 10001
_GONE_FOR_S = 60
_LEAST_SCRATCH_GIB = 1
_GONE = ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")


def pod_template(spec: JobSpec, labels: Json, *, has_token: bool) -> Json:
    """Return `spec.template` of a Job.

    Args:
        spec: the Job.
        labels: of its pods.
        has_token: whether its pods may talk to the API server.
    """
    pod: Json = {
        "restartPolicy": "Never",
        "serviceAccountName": spec.service_account,
        "automountServiceAccountToken": has_token,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": spec.grace_s,
        "tolerations": _tolerations(spec),
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(spec)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"sizeLimit": memory_quantity(spec.scratch_gib)}},
            {
                "name": "shm",
                "emptyDir": {
                    "medium": "Memory",
                    "sizeLimit": memory_quantity(spec.shared_memory_gib),
                },
            },
            *(
                {"name": f"shared-{place}", "persistentVolumeClaim": {"claimName": each.claim}}
                for place, each in enumerate(spec.shared_folders)
            ),
        ],
    }
    if spec.pool.node_selector:
        pod["nodeSelector"] = dict(spec.pool.node_selector)
    if affinity := _affinity(spec):
        pod["affinity"] = {"nodeAffinity": affinity}
    if spec.pod_deadline_s is not None:
        pod["activeDeadlineSeconds"] = spec.pod_deadline_s
    if spec.priority_class is not None:
        pod["priorityClassName"] = spec.priority_class
    return {"metadata": {"labels": dict(labels)}, "spec": pod}


def can_escape(pod: Json) -> bool:
    """Say whether a pod may be preempted, and another in its place could be kept from that.

    Args:
        pod: `spec` of a pod that `pod_template` has made.
    """
    affinity = (pod.get("affinity") or {}).get("nodeAffinity") or {}
    return bool(affinity.get("preferredDuringSchedulingIgnoredDuringExecution"))


def _container(spec: JobSpec) -> Json:
    needs = spec.resources
    limits: Json = {
        "memory": memory_quantity(needs.memory_gib),
        "ephemeral-storage": memory_quantity(spec.scratch_gib + 1),
    }
    if needs.gpu:
        limits[spec.pool.gpu_resource] = str(needs.gpu)
    # Few pods fill their scratch: to reserve all of it would keep small boot disks' cores idle.
    requests = limits | {"ephemeral-storage": memory_quantity(_LEAST_SCRATCH_GIB)}
    variables = {"HOME": "/tmp", "PYTHONUNBUFFERED": "1"} | dict(spec.environment)  # noqa: S108
    return {
        "name": CONTAINER,
        "image": spec.image,
        "imagePullPolicy": "IfNotPresent",
        "command": list(spec.command),
        "env": [
            *({"name": name, "value": value} for name, value in sorted(variables.items())),
            *_own_names(spec),
        ],
        # No limit on cores: a throttled pod is slower, and nobody gains.
        "resources": {"requests": {"cpu": cpu_quantity(needs.cpu)} | requests, "limits": limits},
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
            {"name": "shm", "mountPath": "/dev/shm"},  # noqa: S108
            *(
                {"name": f"shared-{place}", "mountPath": each.path}
                for place, each in enumerate(spec.shared_folders)
            ),
        ],
    }


def _own_names(spec: JobSpec) -> list[Json]:
    """Tell a driver, or a worker, which Job and pod it is."""
    job = "metadata.labels['batch.kubernetes.io/job-name']"
    uid = "metadata.labels['batch.kubernetes.io/controller-uid']"
    fields = {"YULE_JOB": job, "YULE_JOB_UID": uid, "YULE_POD": "metadata.name"}
    if spec.siblings is None:
        fields |= {"YULE_OWNER_NAME": job, "YULE_OWNER_UID": uid}
    return [
        {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}
        for name, path in fields.items()
    ]


def _tolerations(spec: JobSpec) -> list[Json]:
    pool, tolerations = spec.pool, []
    for each in pool.tolerations:
        toleration: Json = {"key": each.key}
        toleration |= (
            {"operator": "Exists"}
            if each.value is None
            else {"operator": "Equal", "value": each.value}
        )
        tolerations.append(toleration | ({"effect": each.effect} if each.effect else {}))
    if pool.spot != "on-demand" and not spec.is_on_demand:
        key, value = pool.spot_label
        tolerations.append(
            {"key": key, "operator": "Equal", "value": value, "effect": "NoSchedule"}
        )
    if spec.resources.gpu:
        tolerations.append({"key": pool.gpu_resource, "operator": "Exists", "effect": "NoSchedule"})
    gone = {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": _GONE_FOR_S}
    return [*tolerations, *({"key": key} | gone for key in _GONE)]


def _affinity(spec: JobSpec) -> Json:
    pool = spec.pool
    required = [_expression(each) for each in pool.requirements]
    required += _spot_terms(pool, is_on_demand=spec.is_on_demand)
    affinity: Json = {}
    if required:
        terms = [{"matchExpressions": required}]
        affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {"nodeSelectorTerms": terms}
    if pool.spot == "spot-with-escape" and not spec.is_on_demand:
        key, value = pool.spot_label
        spot = {"key": key, "operator": "In", "values": [value]}
        preferred = {"weight": 100, "preference": {"matchExpressions": [spot]}}
        affinity["preferredDuringSchedulingIgnoredDuringExecution"] = [preferred]
    return affinity


def _spot_terms(pool: Pool, *, is_on_demand: bool) -> list[Json]:
    key, value = pool.spot_label
    if pool.spot == "on-demand" or is_on_demand:
        return [{"key": key, "operator": "NotIn", "values": [value]}]
    if pool.spot == "spot":
        return [{"key": key, "operator": "In", "values": [value]}]
    return []


def _expression(requirement: NodeRequirement) -> Json:
    body: Json = {"key": requirement.key, "operator": requirement.operator}
    return body | ({"values": list(requirement.values)} if requirement.values else {})
