"""What a new Job must satisfy beyond its schema (pkg/apis/batch/validation)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.failure_policy_rules import failure_policy_errors
from yule_runner.testing.kubernetes.api.metadata_rules import dns_label_error, metadata_errors
from yule_runner.testing.kubernetes.api.pod_rules import template_errors
from yule_runner.testing.kubernetes.status import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector

__all__ = ["job_errors"]

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
_MODES = ("Indexed", "NonIndexed")


def job_errors(job: Json) -> list[FieldError]:
    """Check a Job whose defaults are set and whose selector is generated."""
    spec, name = job["spec"], job["metadata"].get("name", "")
    errors = metadata_errors(job) + _spec_errors(spec) + _selector_errors(spec)
    if spec["completionMode"] == "Indexed" and (spec.get("completions") or 0) > 0:
        host = f"{name}-{spec['completions'] - 1}"
        if dns_label_error(host):
            text = f"will not able to create pod with invalid DNS label: {host}"
            errors.append(invalid_value("metadata.name", name, text))
    return errors


def _spec_errors(spec: Json) -> list[FieldError]:
    errors = [
        invalid_value(f"spec.{field}", spec[field], "must be greater than or equal to 0")
        for field in _NOT_NEGATIVE
        if spec.get(field) is not None and spec[field] < 0
    ]
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        text = "when maxFailedIndexes is specified"
        errors.append(required("spec.backoffLimitPerIndex", text))
    if spec["completionMode"] not in _MODES:
        errors.append(not_supported("spec.completionMode", spec["completionMode"], _MODES))
    errors += (
        _indexed_errors(spec)
        if spec["completionMode"] == "Indexed"
        else [
            invalid_value(f"spec.{field}", spec[field], "requires indexed completion mode")
            for field in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")
            if spec.get(field) is not None
        ]
    )
    if spec.get("podFailurePolicy") is not None:
        errors += failure_policy_errors(spec)
    replacement = spec["podReplacementPolicy"]
    known = ["Failed"] if spec.get("podFailurePolicy") else ["Failed", "TerminatingOrFailed"]
    if replacement not in known:
        errors.append(not_supported("spec.podReplacementPolicy", replacement, known))
    return errors + template_errors(spec["template"], "spec.template") + _restart_errors(spec)


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
        text = f"must be less than or equal to {_INDEXED_LIMIT} when completion mode is Indexed"
        errors.append(invalid_value("spec.maxFailedIndexes", failed, text))
    per_index = spec.get("backoffLimitPerIndex") is not None
    if per_index and (completions or 0) > _MANY_COMPLETIONS:
        text = (
            f"must be less than or equal to {_MANY_LIMIT} when completions are above "
            f"{_MANY_COMPLETIONS} and used with backoff limit per index"
        )
        if parallelism > _MANY_LIMIT:
            errors.append(invalid_value("spec.parallelism", parallelism, text))
        if failed is None:
            why = f"must be specified when completions are above {_MANY_COMPLETIONS}"
            errors.append(required("spec.maxFailedIndexes", why))
        elif failed > _MANY_LIMIT:
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


def _selector_errors(spec: Json) -> list[FieldError]:
    if spec.get("selector") is None:
        return [required("spec.selector")]
    labels = spec["template"]["metadata"].get("labels") or {}
    if not matches_label_selector(spec["selector"], labels):
        text = "`selector` does not match template `labels`"
        return [invalid_value("spec.template.metadata.labels", labels, text)]
    return []
