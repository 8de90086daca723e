"""Runs groups of tasks as Kubernetes Jobs: from specification and pools to manifests.

Everything here is a pure function of its arguments; nothing talks to a cluster. Validation needs
the extra ``yule-runner[kubernetes]``.
"""

from yule_runner.kubernetes.job_spec import JobSpec, Owner, Siblings
from yule_runner.kubernetes.manifest import driver_manifest, group_manifest, spec_sha256
from yule_runner.kubernetes.names import job_name, label_value
from yule_runner.kubernetes.placement import PoolError, choose_pool, place
from yule_runner.kubernetes.pools import NodeRequirement, Pool, Toleration
from yule_runner.kubernetes.validation import (
    NEWEST_SUPPORTED,
    OLDEST_SUPPORTED,
    ManifestError,
    validate_manifest,
)

__all__ = [
    "NEWEST_SUPPORTED",
    "OLDEST_SUPPORTED",
    "JobSpec",
    "ManifestError",
    "NodeRequirement",
    "Owner",
    "Pool",
    "PoolError",
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
