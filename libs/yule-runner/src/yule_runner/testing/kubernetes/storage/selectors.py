"""Selectors of objects: by labels, in text and in specs, and by fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yule_runner.testing.kubernetes.resources import Resource
from yule_runner.testing.kubernetes.status import bad_request
from yule_runner.testing.kubernetes.storage.label_selectors import Labels, compare, parse_labels

__all__ = ["field_filter", "label_filter", "matches_label_selector"]

Json = dict[str, Any]
Filter = Callable[[Json], bool]

_FIELDS: dict[str, tuple[str, ...]] = {
    "Job": ("status.successful",),
    "Pod": (
        "spec.hostNetwork",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "status.nominatedNodeName",
        "status.phase",
        "status.podIP",
        "status.podIPs",
    ),
    "Event": (
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
    "Namespace": ("status.phase",),
    "Node": ("spec.unschedulable",),
}


def label_filter(text: str) -> Filter:
    """Read a selector such as `app in (a, b),!c,tier=x`.

    Raises:
        ApiError: 400, where it cannot be read.
    """
    checks = parse_labels(text)
    return lambda body: all(check(_labels(body)) for check in checks)


def matches_label_selector(selector: Json, labels: Labels) -> bool:
    """Say whether a metav1.LabelSelector selects these labels."""
    wanted = selector.get("matchLabels") or {}
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return all(_expression(each, labels) for each in selector.get("matchExpressions") or [])


def field_filter(resource: Resource, text: str) -> Filter:
    """Read a selector such as `metadata.name=j,status.phase!=Running`.

    Raises:
        ApiError: 400, for a field that this kind cannot be selected by.
    """
    checks: list[tuple[str, str, bool]] = []
    for part in filter(None, text.split(",")):
        found = re.fullmatch(r"([^=!]+)(==|=|!=)(.*)", part)
        if found is None:
            raise bad_request(f"invalid selector: {text!r}; can't understand {part!r}")
        field = found[1]
        known = ("metadata.name", "metadata.namespace", *_FIELDS.get(resource.kind, ()))
        if field not in known:
            raise bad_request(_unknown_field(resource, field))
        checks.append((field, found[3], found[2] != "!="))
    return lambda body: all((_at(body, path) == value) is same for path, value, same in checks)


def _unknown_field(resource: Resource, field: str) -> str:
    """Word it as each kind's own conversion does (pkg/apis/*/v1/conversion.go)."""
    if resource.kind == "Job":
        return f'field label "{field}" not supported for Job'
    if resource.kind in _FIELDS:
        return f"field label not supported: {field}"
    known = '"metadata.name", "metadata.namespace"'
    return f'"{field}" is not a known field selector: only {known}'


def _expression(expression: Json, labels: Labels) -> bool:
    key, values = expression["key"], expression.get("values") or []
    match expression["operator"]:
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case "Gt" | "Lt" as operator:
            return compare(labels.get(key), ">" if operator == "Gt" else "<", values[0])
        case _:
            return False


def _labels(body: Json) -> Labels:
    labels: Labels = body["metadata"].get("labels") or {}
    return labels


def _at(body: Json, path: str) -> str:
    if path in ("status.podIP", "status.podIPs"):
        return ",".join(each["ip"] for each in body.get("status", {}).get("podIPs", [])[:1])
    if path == "spec.hostNetwork":
        return str(bool(body["spec"].get("hostNetwork"))).lower()
    if path == "source":
        source = body.get("source", {}).get("component")
        return str(source or body.get("reportingComponent", ""))
    value: Any = body
    for name in path.split("."):
        value = value.get(name, "") if isinstance(value, dict) else ""
    if path == "status.successful":
        return str(value or 0)
    return str(value).lower() if isinstance(value, bool) else str(value)
