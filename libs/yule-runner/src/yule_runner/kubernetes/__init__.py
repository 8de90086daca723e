"""Runs groups of tasks as Kubernetes Jobs: from specification and pools to manifests.

Specifications, pools and manifests are pure; `KubernetesExecutor` talks to a cluster. That and
validation need the extra ``yule-runner[kubernetes]``.
"""

from typing import TYPE_CHECKING, Any

from yule_runner.kubernetes.job_spec import JobSpec, Owner, SharedFolder, Siblings
from yule_runner.kubernetes.manifest import driver_manifest, group_manifest, spec_sha256
from yule_runner.kubernetes.names import job_name, label_value
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.placement import PoolError, choose_pool, place
from yule_runner.kubernetes.pools import NodeRequirement, Pool, Toleration
from yule_runner.kubernetes.settings import ClusterSettings
from yule_runner.kubernetes.validation import (
    NEWEST_SUPPORTED,
    OLDEST_SUPPORTED,
    ManifestError,
    validate_manifest,
)

if TYPE_CHECKING:
    from yule_runner.kubernetes.executor import KubernetesExecutor

__all__ = [
    "NEWEST_SUPPORTED",
    "OLDEST_SUPPORTED",
    "ClusterSettings",
    "JobSpec",
    "KubernetesExecutor",
    "ManifestError",
    "NodeRequirement",
    "Owner",
    "Patience",
    "Pool",
    "PoolError",
    "SharedFolder",
    "Siblings",
    "Toleration",
    "choose_pool",
    "driver_manifest",
    "group_manifest",
    "job_name",
    "label_value",
    "place",
    "spec_sha256",
    "validate_manifest",
]


def __getattr__(name: str) -> Any:
    if name != "KubernetesExecutor":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The cluster's client is an extra, and slow to import.
    from yule_runner.kubernetes.executor import KubernetesExecutor

    return KubernetesExecutor
