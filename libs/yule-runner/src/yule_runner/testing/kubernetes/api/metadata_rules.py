"""Rules of any object's metadata, when it is new and when it changes.

After apimachinery pkg/api/validation/objectmeta.go and pkg/apis/core/validation.
"""

from __future__ import annotations

import json
from typing import Any

from yule_runner.testing.kubernetes.api.names import (
    label_name_errors,
    label_value_errors,
    path_segment_errors,
    qualified_name_errors,
    subdomain_errors,
)
from yule_runner.testing.kubernetes.status import (
    FieldError,
    forbidden_value,
    invalid_value,
    required,
)

__all__ = ["annotation_errors", "label_errors", "metadata_errors", "metadata_update_errors"]

Json = dict[str, Any]

_ANNOTATIONS_LIMIT = 256 * 1024
_STANDARD_FINALIZERS = ("foregroundDeletion", "kubernetes", "orphan")
_OWNER_FIELDS = {"apiVersion": "version", "kind": "kind", "name": "name", "uid": "uid"}
_NAME_RULES = {"Event": path_segment_errors, "Namespace": label_name_errors}
_IMMUTABLE = (
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)


def metadata_errors(body: Json) -> list[FieldError]:
    """Check name, labels, annotations, owners and finalizers of any object."""
    metadata = body["metadata"]
    rule = _NAME_RULES.get(body["kind"], subdomain_errors)
    name, errors = metadata.get("name", ""), []
    if prefix := metadata.get("generateName"):
        # What follows the prefix makes up for a hyphen at its end.
        stem = f"{prefix[:-2]}a" if len(prefix) > 1 and prefix.endswith("-") else prefix
        errors += [invalid_value("metadata.generateName", prefix, text) for text in rule(stem)]
    if not name:
        errors.append(required("metadata.name", "name or generateName is required"))
    else:
        errors += [invalid_value("metadata.name", name, text) for text in rule(name)]
    errors += _map_and_owner_errors(metadata)
    return errors + _finalizer_errors(metadata.get("finalizers") or [])


def metadata_update_errors(metadata: Json, old: Json) -> list[FieldError]:
    """Check changed metadata against what is stored."""
    errors = []
    if "deletionTimestamp" in old:
        before = old.get("finalizers") or []
        added = sorted({each for each in metadata.get("finalizers") or [] if each not in before})
        if added:
            listed = ", ".join(json.dumps(each) for each in added)
            why = (
                "no new finalizers can be added if the object is being deleted, found new "
                f"finalizers []string{{{listed}}}"
            )
            errors.append(forbidden_value("metadata.finalizers", why))
    for field in _IMMUTABLE:
        value = metadata.get(field)
        if value != old.get(field):
            errors.append(invalid_value(f"metadata.{field}", value, "field is immutable"))
    return errors + _map_and_owner_errors(metadata)


def label_errors(labels: dict[str, str], path: str) -> list[FieldError]:
    """Check the keys and values of labels."""
    errors = []
    for key, value in sorted(labels.items()):
        errors += [invalid_value(path, key, text) for text in qualified_name_errors(key)]
        errors += [invalid_value(path, value, text) for text in label_value_errors(value)]
    return errors


def annotation_errors(annotations: dict[str, str], path: str) -> list[FieldError]:
    """Check the keys of annotations, and the size of all together."""
    errors = [
        invalid_value(path, key, text)
        for key in sorted(annotations)
        for text in qualified_name_errors(key.lower())
    ]
    size = sum(len(f"{key}{value}".encode()) for key, value in annotations.items())
    if size > _ANNOTATIONS_LIMIT:
        text = f"Too long: may not be more than {_ANNOTATIONS_LIMIT} bytes"
        errors.append(FieldError(path, text, "FieldValueTooLong"))
    return errors


def _map_and_owner_errors(metadata: Json) -> list[FieldError]:
    errors = label_errors(metadata.get("labels") or {}, "metadata.labels")
    errors += annotation_errors(metadata.get("annotations") or {}, "metadata.annotations")
    return errors + _owner_errors(metadata.get("ownerReferences") or [])


def _owner_errors(owners: list[Json]) -> list[FieldError]:
    path, errors, controllers = "metadata.ownerReferences", [], []
    for owner in owners:
        errors += [
            invalid_value(f"{path}.{field}", "", f"{said} must not be empty")
            for field, said in _OWNER_FIELDS.items()
            if not owner.get(field)
        ]
        if owner.get("controller"):
            controllers.append(f"{owner.get('kind', '')}/{owner.get('name', '')}")
    for other in controllers[1:]:
        text = (
            'Only one reference can have Controller set to true. Found "true" in references for '
            f"{controllers[0]} and {other}"
        )
        errors.append(invalid_value(path, owners, text))
    return errors


def _finalizer_errors(finalizers: list[str]) -> list[FieldError]:
    path = "metadata.finalizers"
    errors = [
        invalid_value(path, each, text)
        for each in finalizers
        for text in qualified_name_errors(each)
    ]
    if {"orphan", "foregroundDeletion"} <= set(finalizers):
        text = "finalizer orphan and foregroundDeletion cannot be both set"
        errors.append(invalid_value(path, finalizers, text))
    for place, each in enumerate(finalizers):
        if "/" not in each and each not in _STANDARD_FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            errors.append(invalid_value(f"{path}[{place}]", each, text))
    return errors
