"""Rules of names, labels and other metadata (apimachinery pkg/api/validation)."""

from __future__ import annotations

import re
from typing import Any

from yule_runner.testing.kubernetes.status import FieldError, invalid_value, required

__all__ = ["dns_label_error", "label_errors", "metadata_errors", "qualified_name_error"]

Json = dict[str, Any]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    r"for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
    "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_QUALIFIED_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
_ANNOTATIONS_LIMIT = 256 * 1024


def metadata_errors(body: Json) -> list[FieldError]:
    """Check name, labels, annotations and owners of any object."""
    metadata = body["metadata"]
    name, errors = metadata.get("name", ""), []
    if not name:
        errors.append(required("metadata.name", "name or generateName is required"))
    elif len(name) > 253:
        errors.append(invalid_value("metadata.name", name, "must be no more than 253 bytes"))
    if name and not _SUBDOMAIN.fullmatch(name):
        errors.append(invalid_value("metadata.name", name, _SUBDOMAIN_RULE))
    errors += label_errors(metadata.get("labels") or {}, "metadata.labels")
    annotations = metadata.get("annotations") or {}
    size = sum(len(f"{key}{value}".encode()) for key, value in annotations.items())
    if size > _ANNOTATIONS_LIMIT:
        text = f"Too long: may not be more than {_ANNOTATIONS_LIMIT} bytes"
        errors.append(FieldError("metadata.annotations", text, "FieldValueTooLong"))
    errors += [
        invalid_value("metadata.annotations", key, rule)
        for key in annotations
        if (rule := qualified_name_error(key.lower()))
    ]
    for place, owner in enumerate(metadata.get("ownerReferences") or []):
        path = f"metadata.ownerReferences[{place}]"
        errors += [
            invalid_value(f"{path}.{field}", "", "must not be empty")
            for field in ("apiVersion", "kind", "name", "uid")
            if not owner.get(field)
        ]
    return errors


def label_errors(labels: dict[str, str], path: str) -> list[FieldError]:
    """Check the keys and values of labels."""
    errors = []
    for key, value in labels.items():
        if rule := qualified_name_error(key):
            errors.append(invalid_value(path, key, rule))
        if len(value) > 63:
            errors.append(invalid_value(path, value, "must be no more than 63 bytes"))
        elif not _LABEL_VALUE.fullmatch(value):
            errors.append(invalid_value(path, value, _VALUE_RULE))
    return errors


def qualified_name_error(name: str) -> str:
    """Return what is wrong with a key such as `example.com/name`, or nothing."""
    prefix, slash, last = name.rpartition("/")
    if slash and not (prefix and _SUBDOMAIN.fullmatch(prefix)):
        return f"prefix part {_SUBDOMAIN_RULE}"
    if len(last) > 63:
        return "name part must be no more than 63 bytes"
    return "" if _QUALIFIED.fullmatch(last) else _QUALIFIED_RULE


def dns_label_error(name: str) -> str:
    """Return what is wrong with a name of at most 63 characters without dots, or nothing."""
    if len(name) > 63:
        return "must be no more than 63 bytes"
    return "" if _LABEL.fullmatch(name) else _LABEL_RULE
