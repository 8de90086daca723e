"""Rules of a Job's pod selector, and of the labels that go with it.

After pkg/apis/batch/validation (validateGeneratedSelector) and apimachinery's
pkg/apis/meta/v1/validation (ValidateLabelSelector).
"""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.metadata_rules import label_errors
from yule_runner.testing.kubernetes.api.names import label_value_errors, qualified_name_errors
from yule_runner.testing.kubernetes.status import (
    FieldError,
    forbidden_value,
    invalid_value,
    required,
)
from yule_runner.testing.kubernetes.storage.selectors import matches_label_selector

__all__ = ["generated_selector_errors", "own_labels", "selector_errors"]

Json = dict[str, Any]


def own_labels(job: Json) -> dict[str, str]:
    """Return the labels that the API server gives a Job's pods: in each of two spellings."""
    name, uid = job["metadata"].get("name", ""), job["metadata"]["uid"]
    return {
        "controller-uid": uid,
        "job-name": name,
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
    }


def generated_selector_errors(job: Json) -> list[FieldError]:
    """Check that nobody set other labels, or a selector that does not select them."""
    spec = job["spec"]
    if spec.get("manualSelector") or spec.get("selector") is None:
        return []
    wanted, labels = own_labels(job), spec["template"]["metadata"].get("labels") or {}
    errors = []
    for key, value in wanted.items():
        path, text = f"spec.template.metadata.labels[{key}]", f"must be '{value}'"
        if key not in labels:
            errors.append(required(path, text))
        elif labels[key] != value:
            errors.append(invalid_value(path, labels, text))
    if _can_select(spec["selector"]) and not matches_label_selector(spec["selector"], wanted):
        text = "`selector` not auto-generated"
        errors.append(invalid_value("spec.selector", spec["selector"], text))
    return errors


def selector_errors(spec: Json) -> list[FieldError]:
    """Check the selector by itself, and against the labels of the template."""
    selector = spec.get("selector")
    if selector is None:
        return [required("spec.selector")]
    errors = label_errors(selector.get("matchLabels") or {}, "spec.selector.matchLabels")
    for place, expression in enumerate(selector.get("matchExpressions") or []):
        errors += _expression_errors(expression, f"spec.selector.matchExpressions[{place}]")
    labels = spec["template"]["metadata"].get("labels") or {}
    if _can_select(selector) and not matches_label_selector(selector, labels):
        text = "`selector` does not match template `labels`"
        errors.append(invalid_value("spec.template.metadata.labels", labels, text))
    return errors


def _can_select(selector: Json) -> bool:
    return not any(_expression_errors(each, "") for each in selector.get("matchExpressions") or [])


def _expression_errors(expression: Json, path: str) -> list[FieldError]:
    key, values = expression.get("key", ""), expression.get("values") or []
    errors = []
    match expression.get("operator", ""):
        case "In" | "NotIn":
            if not values:
                text = "must be specified when `operator` is 'In' or 'NotIn'"
                errors.append(required(f"{path}.values", text))
        case "Exists" | "DoesNotExist":
            if values:
                text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
                errors.append(forbidden_value(f"{path}.values", text))
        case operator:
            text = "not a valid selector operator"
            errors.append(invalid_value(f"{path}.operator", operator, text))
    errors += [invalid_value(f"{path}.key", key, text) for text in qualified_name_errors(key)]
    return errors + [
        invalid_value(f"{path}.values[{place}]", value, text)
        for place, value in enumerate(values)
        for text in label_value_errors(value)
    ]
