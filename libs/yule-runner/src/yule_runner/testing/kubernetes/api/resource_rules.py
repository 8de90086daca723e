"""Rules of what containers request and may use (pkg/apis/core/validation)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yule_runner.testing.kubernetes.quantities import quantity
from yule_runner.testing.kubernetes.status import FieldError, invalid_value, required

__all__ = ["resource_errors"]

Json = dict[str, Any]

_NOT_NEGATIVE = "must be greater than or equal to 0"


def resource_errors(resources: Json, path: str) -> list[FieldError]:
    """Check a container's limits and requests; `path` is their place in the object."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    errors = list(_amount_errors(limits, f"{path}.limits"))
    for name, amount in sorted(requests.items()):
        errors += _amount_errors({name: amount}, f"{path}.requests")
        errors += _request_errors(name, amount, limits.get(name), path)
    return errors


def _amount_errors(amounts: Json, path: str) -> Iterator[FieldError]:
    for name, amount in sorted(amounts.items()):
        if quantity(amount) < 0:
            yield invalid_value(f"{path}[{name}]", str(amount), _NOT_NEGATIVE)
        elif "/" in name and quantity(amount) % 1:
            yield invalid_value(f"{path}[{name}]", str(amount), "must be an integer")


def _request_errors(name: str, amount: Any, limit: Any, path: str) -> Iterator[FieldError]:
    """Compare a request with its limit: devices are never shared."""
    is_device = "/" in name
    if limit is None:
        if is_device:
            text = "Limit must be set for non overcommitable resources"
            yield required(f"{path}.limits", text)
    elif is_device and quantity(amount) != quantity(limit):
        text = f"must be equal to {name} limit of {limit}"
        yield invalid_value(f"{path}.requests", str(amount), text)
    elif quantity(amount) > quantity(limit):
        text = f"must be less than or equal to {name} limit of {limit}"
        yield invalid_value(f"{path}.requests", str(amount), text)
