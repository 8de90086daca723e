"""What may change in a Job once it exists (pkg/apis/batch/validation, ValidateJobUpdate)."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.api.job_rules import job_errors
from yule_runner.testing.kubernetes.status import FieldError, invalid_value

__all__ = ["job_update_errors"]

Json = dict[str, Any]

_IMMUTABLE = (
    "selector",
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
)
_SCHEDULING = ("nodeSelector", "tolerations", "schedulingGates")


def job_update_errors(job: Json, old: Json) -> list[FieldError]:
    """Check a changed Job against the stored one."""
    spec, previous = job["spec"], old["spec"]
    errors = job_errors(job) + _completion_errors(spec, previous)
    template, before = spec["template"], previous["template"]
    if _is_free_to_schedule(old):
        template, before = _without_scheduling(template), _without_scheduling(before)
    for field in ("metadata", "spec"):
        if template.get(field) != before.get(field):
            value = spec["template"].get(field)
            path = f"spec.template.{field}"
            errors.append(invalid_value(path, value, "field is immutable"))
    for field in _IMMUTABLE:
        if spec.get(field) != previous.get(field):
            errors.append(invalid_value(f"spec.{field}", spec.get(field), "field is immutable"))
    return errors


def _completion_errors(spec: Json, previous: Json) -> list[FieldError]:
    completions = spec.get("completions")
    if completions == previous.get("completions"):
        return []
    if spec["completionMode"] != "Indexed":
        return [invalid_value("spec.completions", completions, "field is immutable")]
    if completions is None or completions == spec["parallelism"]:
        return []
    text = "can only be modified in tandem with spec.parallelism"
    return [invalid_value("spec.completions", completions, text)]


def _is_free_to_schedule(job: Json) -> bool:
    """Say whether KEP-2926 lets the pods' placement change: suspended, and never started."""
    return bool(job["spec"].get("suspend")) and not job.get("status", {}).get("startTime")


def _without_scheduling(template: Json) -> Json:
    template = copy.deepcopy(template)
    for field in ("labels", "annotations"):
        template.get("metadata", {}).pop(field, None)
    for field in _SCHEDULING:
        template["spec"].pop(field, None)
    template["spec"].get("affinity", {}).pop("nodeAffinity", None)
    if not template["spec"].get("affinity", True):
        del template["spec"]["affinity"]
    return template
