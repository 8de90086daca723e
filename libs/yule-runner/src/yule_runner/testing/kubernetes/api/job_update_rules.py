"""What may change in a Job once it exists (pkg/apis/batch/validation, ValidateJobUpdate)."""

from __future__ import annotations

import copy
from typing import Any

from yule_runner.testing.kubernetes.api.job_rules import job_errors, job_spec_errors
from yule_runner.testing.kubernetes.api.metadata_rules import metadata_update_errors
from yule_runner.testing.kubernetes.status import FieldError, invalid_value

__all__ = ["job_update_errors"]

Json = dict[str, Any]

_IMMUTABLE = (
    "completionMode",
    "podFailurePolicy",
    "backoffLimitPerIndex",
    "managedBy",
    "successPolicy",
)
_SCHEDULING = ("nodeSelector", "tolerations", "schedulingGates")


def job_update_errors(job: Json, old: Json) -> list[FieldError]:
    """Check a changed Job against the stored one.

    What its spec breaks by itself is said twice, as the API server does.
    """
    spec, previous = job["spec"], old["spec"]
    errors = job_errors(job) + metadata_update_errors(job["metadata"], old["metadata"])
    errors += job_spec_errors(spec) + _completion_errors(spec, previous)
    errors += _immutable_errors(spec, previous, "selector")
    template, before = spec["template"], previous["template"]
    if _is_at_rest(old):
        template, before = _fixed_part(template), _fixed_part(before)
    for field in ("metadata", "spec"):
        if template.get(field) != before.get(field):
            value = spec["template"].get(field)
            path = f"spec.template.{field}"
            errors.append(invalid_value(path, value, "field is immutable"))
    for field in _IMMUTABLE:
        errors += _immutable_errors(spec, previous, field)
    return errors


def _immutable_errors(spec: Json, previous: Json, field: str) -> list[FieldError]:
    if spec.get(field) == previous.get(field):
        return []
    return [invalid_value(f"spec.{field}", spec.get(field), "field is immutable")]


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


def _is_at_rest(job: Json) -> bool:
    """Say whether the pods' placement and resources may change (KEP-2926, KEP-5440)."""
    return bool(job["spec"].get("suspend")) and not job.get("status", {}).get("active")


def _fixed_part(template: Json) -> Json:
    """Return what never may change of the template of a suspended Job."""
    template = copy.deepcopy(template)
    for field in ("labels", "annotations"):
        template.get("metadata", {}).pop(field, None)
    spec = template["spec"]
    for field in _SCHEDULING:
        spec.pop(field, None)
    spec.get("affinity", {}).pop("nodeAffinity", None)
    if not spec.get("affinity", True):
        del spec["affinity"]
    for container in [*spec.get("containers", []), *spec.get("initContainers", [])]:
        for field in ("limits", "requests"):
            container.get("resources", {}).pop(field, None)
    return template
