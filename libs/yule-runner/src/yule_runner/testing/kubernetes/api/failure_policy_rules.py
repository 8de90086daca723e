"""Rules of a Job's pod failure policy (pkg/apis/batch/validation, validatePodFailurePolicy)."""

from __future__ import annotations

import json
from typing import Any

from yule_runner.testing.kubernetes.api.names import qualified_name_errors
from yule_runner.testing.kubernetes.status import (
    FieldError,
    duplicate,
    invalid_field,
    invalid_value,
    not_supported,
    required,
    too_many,
)

__all__ = ["failure_policy_errors"]

Json = dict[str, Any]

_ACTIONS = ("Count", "FailIndex", "FailJob", "Ignore")
_OPERATORS = ("In", "NotIn")
_STATUSES = ("False", "True", "Unknown")
_MOST_RULES = 20
_MOST_PATTERNS = 20
_MOST_EXIT_CODES = 255


def failure_policy_errors(spec: Json) -> list[FieldError]:
    """Check `spec.podFailurePolicy` of a Job spec."""
    path, rules = "spec.podFailurePolicy.rules", spec["podFailurePolicy"].get("rules") or []
    errors = [too_many(path, len(rules), _MOST_RULES)] if len(rules) > _MOST_RULES else []
    template = spec["template"]["spec"]
    containers = [*(template.get("containers") or []), *(template.get("initContainers") or [])]
    names = {container.get("name") for container in containers}
    for place, rule in enumerate(rules):
        errors += _rule_errors(spec, rule, f"{path}[{place}]", names)
    return errors


def _rule_errors(spec: Json, rule: Json, path: str, names: set[str]) -> list[FieldError]:
    errors = _choice_errors(rule.get("action"), f"{path}.action", _ACTIONS)
    if rule.get("action") == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
        text = "requires the backoffLimitPerIndex to be set"
        errors.append(invalid_value(f"{path}.action", "FailIndex", text))
    codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions") or []
    if codes is not None:
        errors += _exit_code_errors(codes, f"{path}.onExitCodes", names)
    errors += _condition_errors(conditions, f"{path}.onPodConditions")
    if codes is not None and conditions:
        text = "specifying both OnExitCodes and OnPodConditions is not supported"
        errors.append(invalid_field(path, text))
    if codes is None and not conditions:
        text = "specifying one of OnExitCodes and OnPodConditions is required"
        errors.append(invalid_field(path, text))
    return errors


def _exit_code_errors(codes: Json, path: str, names: set[str]) -> list[FieldError]:
    errors = _choice_errors(codes.get("operator"), f"{path}.operator", _OPERATORS)
    container = codes.get("containerName")
    if container is not None and container not in names:
        text = "must be one of the container or initContainer names in the pod template"
        errors.append(invalid_value(f"{path}.containerName", container, text))
    values: list[int] = codes.get("values") or []
    where = f"{path}.values"
    if not values:
        errors.append(invalid_value(where, values, "at least one value is required"))
    elif len(values) > _MOST_EXIT_CODES:
        errors.append(too_many(where, len(values), _MOST_EXIT_CODES))
    for place, value in enumerate(values):
        if codes.get("operator") == "In" and value == 0:
            text = "must not be 0 for the In operator"
            errors.append(invalid_value(f"{where}[{place}]", value, text))
        if value in values[:place]:
            errors.append(duplicate(f"{where}[{place}]", value))
    if values != sorted(values):
        errors.append(invalid_value(where, values, "must be ordered"))
    return errors


def _condition_errors(patterns: list[Json], path: str) -> list[FieldError]:
    errors = []
    if len(patterns) > _MOST_PATTERNS:
        errors.append(too_many(path, len(patterns), _MOST_PATTERNS))
    for place, pattern in enumerate(patterns):
        kind = pattern.get("type", "")
        where = f"{path}[{place}].type"
        errors += [invalid_value(where, kind, text) for text in qualified_name_errors(kind)]
        errors += _choice_errors(pattern.get("status"), f"{path}[{place}].status", _STATUSES)
    return errors


def _choice_errors(value: str | None, path: str, known: tuple[str, ...]) -> list[FieldError]:
    if not value:
        listed = " ".join(json.dumps(name) for name in known)
        return [required(path, f"valid values: [{listed}]")]
    return [] if value in known else [not_supported(path, value, known)]
