"""What a new Job must satisfy beyond its schema (pkg/apis/batch/validation)."""

from __future__ import annotations

import re
from typing import Any

from yule_runner.testing.kubernetes.api.failure_policy_rules import failure_policy_errors
from yule_runner.testing.kubernetes.api.metadata_rules import metadata_errors
from yule_runner.testing.kubernetes.api.names import label_name_errors, subdomain_errors
from yule_runner.testing.kubernetes.api.pod_rules import template_errors
from yule_runner.testing.kubernetes.api.selector_rules import (
    generated_selector_errors,
    selector_errors,
)
from yule_runner.testing.kubernetes.api.success_policy_rules import success_policy_errors
from yule_runner.testing.kubernetes.status import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)

__all__ = ["job_errors", "job_spec_errors"]

Json = dict[str, Any]

_INDEXED_LIMIT = 100_000
_MANY_COMPLETIONS = 100_000
_MANY_LIMIT = 10_000
_NOT_NEGATIVE = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
)
_MODES = ("NonIndexed", "Indexed")
_LONGEST_MANAGER = 63
_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"


def job_errors(job: Json) -> list[FieldError]:
    """Check a Job whose defaults are set and whose selector is generated."""
    spec, name = job["spec"], job["metadata"].get("name", "")
    errors = metadata_errors(job) + generated_selector_errors(job) + job_spec_errors(spec)
    if spec["completionMode"] == "Indexed" and (spec.get("completions") or 0) > 0:
        host = f"{name}-{spec['completions'] - 1}"
        if label_name_errors(host):
            text = f"will not able to create pod with invalid DNS label: {host}"
            errors.append(invalid_value("metadata.name", name, text))
    return errors


def job_spec_errors(spec: Json) -> list[FieldError]:
    """Check a Job's spec."""
    errors = [
        invalid_value(f"spec.{field}", spec[field], "must be greater than or equal to 0")
        for field in _NOT_NEGATIVE
        if spec.get(field) is not None and spec[field] < 0
    ]
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        text = "when maxFailedIndexes is specified"
        errors.append(required("spec.backoffLimitPerIndex", text))
    errors += _manager_errors(spec.get("managedBy"))
    if spec["completionMode"] not in _MODES:
        errors.append(not_supported("spec.completionMode", spec["completionMode"], _MODES))
    if spec["completionMode"] == "Indexed":
        errors += _indexed_errors(spec)
    elif spec["completionMode"] == "NonIndexed":
        errors += _need_indexes(spec, "backoffLimitPerIndex", "maxFailedIndexes")
    if spec.get("podFailurePolicy") is not None:
        errors += failure_policy_errors(spec)
    if spec.get("successPolicy") is not None:
        is_indexed = spec["completionMode"] == "Indexed"
        errors += (
            success_policy_errors(spec) if is_indexed else _need_indexes(spec, "successPolicy")
        )
    replacement = spec["podReplacementPolicy"]
    known = ["Failed"] if spec.get("podFailurePolicy") else ["Failed", "TerminatingOrFailed"]
    if replacement not in known:
        errors.append(not_supported("spec.podReplacementPolicy", replacement, known))
    errors += template_errors(spec["template"], "spec.template") + _restart_errors(spec)
    return errors + selector_errors(spec)


def _manager_errors(manager: str | None) -> list[FieldError]:
    """Check who manages the Job: a domain, a slash and a path (IsDomainPrefixedPath)."""
    if manager is None:
        return []
    path = "spec.managedBy"
    if not manager:
        return [required(path)]
    domain, _, name = manager.partition("/")
    errors = []
    if not (domain and name):
        text = 'must be a domain-prefixed path (such as "acme.io/foo")'
        errors.append(invalid_value(path, manager, text))
    else:
        errors += [invalid_value(path, domain, text) for text in subdomain_errors(domain)]
        if not re.fullmatch(_PATH, name):
            text = f"Invalid path (regex used for validation is '{_PATH}')"
            errors.append(invalid_value(path, name, text))
    if len(manager) > _LONGEST_MANAGER:
        text = f"Too long: may not be more than {_LONGEST_MANAGER} bytes"
        errors.append(FieldError(path, text, "FieldValueTooLong"))
    return errors


def _need_indexes(spec: Json, *fields: str) -> list[FieldError]:
    return [
        invalid_value(f"spec.{field}", spec[field], "requires indexed completion mode")
        for field in fields
        if spec.get(field) is not None
    ]


def _indexed_errors(spec: Json) -> list[FieldError]:
    errors = []
    completions, parallelism = spec.get("completions"), spec["parallelism"]
    failed = spec.get("maxFailedIndexes")
    if completions is None:
        errors.append(required("spec.completions", "when completion mode is Indexed"))
    if parallelism > _INDEXED_LIMIT:
        text = f"must be less than or equal to {_INDEXED_LIMIT} when completion mode is Indexed"
        errors.append(invalid_value("spec.parallelism", parallelism, text))
    if completions is not None and failed is not None and failed > completions:
        text = "must be less than or equal to completions"
        errors.append(invalid_value("spec.maxFailedIndexes", failed, text))
    if failed is not None and failed > _INDEXED_LIMIT:
        text = f"must be less than or equal to {_INDEXED_LIMIT}"
        errors.append(invalid_value("spec.maxFailedIndexes", failed, text))
    per_index = spec.get("backoffLimitPerIndex") is not None
    if per_index and (completions or 0) > _MANY_COMPLETIONS:
        text = (
            f"must be less than or equal to {_MANY_LIMIT} when completions are above "
            f"{_MANY_COMPLETIONS} and used with backoff limit per index"
        )
        if failed is None:
            why = f"must be specified when completions is above {_MANY_COMPLETIONS}"
            errors.append(required("spec.maxFailedIndexes", why))
        if parallelism > _MANY_LIMIT:
            errors.append(invalid_value("spec.parallelism", parallelism, text))
        if failed is not None and failed > _MANY_LIMIT:
            errors.append(invalid_value("spec.maxFailedIndexes", failed, text))
    return errors


def _restart_errors(spec: Json) -> list[FieldError]:
    path, policy = "spec.template.spec.restartPolicy", spec["template"]["spec"]["restartPolicy"]
    if policy == "Always":
        return [required(path, 'valid values: "OnFailure", "Never"')]
    if policy not in ("OnFailure", "Never"):
        return [not_supported(path, policy, ["OnFailure", "Never"])]
    if spec.get("podFailurePolicy") is not None and policy != "Never":
        text = 'only "Never" is supported when podFailurePolicy is specified'
        return [invalid_value(path, policy, text)]
    return []
