"""Forms of names, label keys and label values (apimachinery pkg/util/validation, pkg/api/validate).

Each function returns all that is wrong with a text, in the API server's words and order.
"""

from __future__ import annotations

import re

__all__ = [
    "label_name_errors",
    "label_value_errors",
    "path_segment_errors",
    "qualified_name_errors",
    "subdomain_errors",
]

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = f"({_QUALIFIED})?"
_LONGEST_LABEL = 63
_LONGEST_SUBDOMAIN = 253
_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    f"for validation is '{_SUBDOMAIN}')"
)
_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
    f"used for validation is '{_LABEL}')"
)
_QUALIFIED_RULE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    f"validation is '{_QUALIFIED}')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    f"or '12345', regex used for validation is '{_VALUE}')"
)
_EMPTY = "must be non-empty"


def label_name_errors(name: str) -> list[str]:
    """Check a DNS label: at most 63 characters, without dots."""
    return _checked(name, _LONGEST_LABEL, _LABEL, _LABEL_RULE)


def subdomain_errors(name: str) -> list[str]:
    """Check a DNS subdomain: labels with dots between them."""
    return _checked(name, _LONGEST_SUBDOMAIN, _SUBDOMAIN, _SUBDOMAIN_RULE)


def path_segment_errors(name: str) -> list[str]:
    """Check what can be a part of a path: events may be called so."""
    if name in (".", ".."):
        return [f"may not be '{name}'"]
    return [f"may not contain '{sign}'" for sign in "/%" if sign in name]


def label_value_errors(value: str) -> list[str]:
    """Check the value of a label."""
    return _checked(value, _LONGEST_LABEL, _VALUE, _VALUE_RULE)


def qualified_name_errors(name: str) -> list[str]:
    """Check a key such as `example.com/name`, of labels, annotations and finalizers."""
    *prefixes, last = name.split("/")
    if len(prefixes) > 1:
        return [
            f"a qualified name {_QUALIFIED_RULE} with an optional DNS subdomain prefix and '/' "
            "(e.g. 'example.com/MyName')"
        ]
    errors = []
    for prefix in prefixes:
        said = subdomain_errors(prefix) if prefix else [_EMPTY]
        errors += [f"prefix part {text}" for text in said]
    said = [] if last else [_EMPTY]
    said += _checked(last, _LONGEST_LABEL, _QUALIFIED, _QUALIFIED_RULE)
    return errors + [f"name part {text}" for text in said]


def _checked(text: str, longest: int, form: str, rule: str) -> list[str]:
    errors = []
    if len(text.encode()) > longest:
        errors.append(f"must be no more than {longest} bytes")
    if not re.fullmatch(form, text):
        errors.append(rule)
    return errors
