"""The rules of pod specs that Jobs run into (pkg/apis/core/validation)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.api.metadata_rules import annotation_errors, label_errors
from yule_runner.testing.kubernetes.api.names import label_name_errors
from yule_runner.testing.kubernetes.api.resource_rules import resource_errors
from yule_runner.testing.kubernetes.status import (
    FieldError,
    duplicate,
    invalid_value,
    not_supported,
    required,
)

__all__ = ["pod_spec_errors", "template_errors"]

Json = dict[str, Any]

_RESTARTS = ("Always", "OnFailure", "Never")
_PULLS = ("Always", "IfNotPresent", "Never")


def template_errors(template: Json, path: str) -> list[FieldError]:
    """Check a pod template; `path` is its place in the object."""
    metadata = template.get("metadata") or {}
    errors = label_errors(metadata.get("labels") or {}, f"{path}.labels")
    errors += annotation_errors(metadata.get("annotations") or {}, f"{path}.annotations")
    return errors + pod_spec_errors(template["spec"], f"{path}.spec")


def pod_spec_errors(spec: Json, path: str) -> list[FieldError]:
    """Check containers, volumes and their names, quantities and policies."""
    errors: list[FieldError] = []
    volumes: set[str] = set()
    for place, volume in enumerate(spec.get("volumes") or []):
        errors += _name_errors(volume.get("name", ""), f"{path}.volumes[{place}].name", volumes)
    names: set[str] = set()
    for field in ("initContainers", "containers"):
        containers = spec.get(field) or []
        if field == "containers" and not containers:
            errors.append(required(f"{path}.containers"))
        for place, container in enumerate(containers):
            where = f"{path}.{field}[{place}]"
            errors += _container_errors(container, where, names, volumes)
    if spec["restartPolicy"] not in _RESTARTS:
        errors.append(
            not_supported(f"{path}.restartPolicy", spec["restartPolicy"], sorted(_RESTARTS))
        )
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and deadline < 1:
        text = "must be between 1 and 2147483647, inclusive"
        errors.append(invalid_value(f"{path}.activeDeadlineSeconds", deadline, text))
    return errors


def _container_errors(
    container: Json, path: str, names: set[str], volumes: set[str]
) -> list[FieldError]:
    errors = _name_errors(container.get("name", ""), f"{path}.name", names)
    if not container.get("image"):
        errors.append(required(f"{path}.image"))
    pull = container["imagePullPolicy"]
    if pull not in _PULLS:
        errors.append(not_supported(f"{path}.imagePullPolicy", pull, sorted(_PULLS)))
    for place, mount in enumerate(container.get("volumeMounts") or []):
        where = f"{path}.volumeMounts[{place}]"
        if mount.get("name") not in volumes:
            text = f'Not found: "{mount.get("name", "")}"'
            errors.append(FieldError(f"{where}.name", text, "FieldValueNotFound"))
        if not mount.get("mountPath"):
            errors.append(required(f"{where}.mountPath"))
    return errors + resource_errors(container["resources"], f"{path}.resources")


def _name_errors(name: str, path: str, seen: set[str]) -> list[FieldError]:
    if not name:
        return [required(path)]
    if rules := label_name_errors(name):
        return [invalid_value(path, name, text) for text in rules]
    if name in seen:
        return [duplicate(path, name)]
    seen.add(name)
    return []
