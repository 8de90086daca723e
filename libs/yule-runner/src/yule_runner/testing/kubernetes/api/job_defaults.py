"""Defaults of Jobs, and the selector that the API server gives them.

After pkg/apis/batch/v1/defaults.go and pkg/registry/batch/job/strategy.go.
"""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.api.pod_defaults import default_pod_spec
from yule_runner.testing.kubernetes.api.selector_rules import own_labels

__all__ = ["UNLIMITED", "default_job", "select_own_pods"]

Json = dict[str, Any]

UNLIMITED = 2**31 - 1
_CONTROLLER_UID = "batch.kubernetes.io/controller-uid"


def default_job(job: Json) -> Json:
    """Return a Job with the fields that a user may leave out."""
    job = copy.deepcopy(job)
    spec = job.setdefault("spec", {})
    if spec.get("completions") is None and spec.get("parallelism") is None:
        spec["completions"] = 1
    spec.setdefault("parallelism", 1)
    per_index = spec.get("backoffLimitPerIndex") is not None
    spec.setdefault("backoffLimit", UNLIMITED if per_index else 6)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("manualSelector", False)
    spec.setdefault("suspend", False)
    policy = spec.get("podFailurePolicy")
    spec.setdefault("podReplacementPolicy", "Failed" if policy else "TerminatingOrFailed")
    for rule in (policy or {}).get("rules") or []:
        for pattern in rule.get("onPodConditions") or []:
            pattern.setdefault("status", "True")
    template = spec.setdefault("template", {})
    template.setdefault("metadata", {})
    template["spec"] = default_pod_spec(template.get("spec") or {"containers": None})
    return job


def select_own_pods(job: Json) -> None:
    """Give a new Job its selector and labels, in place; leave a manual selector alone.

    Labels that somebody has set already stay: the rules refuse them where they are others.
    """
    spec = job["spec"]
    if spec.get("manualSelector"):
        return
    template = spec["template"]["metadata"]
    template["labels"] = own_labels(job) | (template.get("labels") or {})
    selector = spec["selector"] = dict(spec.get("selector") or {})
    matched = selector.get("matchLabels") or {}
    selector["matchLabels"] = {_CONTROLLER_UID: job["metadata"]["uid"]} | matched
