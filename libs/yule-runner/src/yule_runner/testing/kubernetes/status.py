"""Refusals as the API server words them: metav1.Status (apimachinery pkg/api/errors)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "ApiError",
    "FieldError",
    "already_exists",
    "bad_request",
    "conflict",
    "duplicate",
    "expired",
    "forbidden",
    "forbidden_value",
    "go_kind",
    "invalid",
    "invalid_field",
    "invalid_value",
    "not_found",
    "not_supported",
    "required",
    "success",
    "too_large_version",
    "too_many",
    "unappliable_patch",
    "unsupported_media_type",
]

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal, with the Status that a client reads."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        details: Json | None = None,
        *,
        headers: dict[str, str] | None = None,
        metadata: Json | None = None,
    ) -> None:
        super().__init__(message)
        self.code, self.reason, self.details = code, reason, details
        self.headers, self.metadata = headers or {}, metadata or {}

    @property
    def status(self) -> Json:
        """The response body."""
        body: Json = {"apiVersion": "v1", "kind": "Status", "metadata": self.metadata}
        body |= {"status": "Failure", "message": str(self), "code": self.code}
        if self.reason:
            body["reason"] = self.reason
        if self.details is not None:
            body["details"] = self.details
        return body


@dataclass(frozen=True)
class FieldError:
    """One cause of a 422 (apimachinery pkg/util/validation/field)."""

    field: str
    message: str
    reason: str = "FieldValueInvalid"


def required(field: str, detail: str = "") -> FieldError:
    """Say that a field is missing."""
    text = f"Required value: {detail}" if detail else "Required value"
    return FieldError(field, text, "FieldValueRequired")


def invalid_value(field: str, value: Any, detail: str) -> FieldError:
    """Say why a field's value cannot be."""
    return FieldError(field, f"Invalid value: {_go_json(value)}: {detail}")


def invalid_field(field: str, detail: str) -> FieldError:
    """Say why a field cannot be as it is, without its value."""
    return FieldError(field, f"Invalid value: {detail}")


def forbidden_value(field: str, detail: str) -> FieldError:
    """Say why a field may not be set so."""
    return FieldError(field, f"Forbidden: {detail}", "FieldValueForbidden")


def duplicate(field: str, value: Any) -> FieldError:
    """Say that a value was there before."""
    return FieldError(field, f"Duplicate value: {_go_json(value)}", "FieldValueDuplicate")


def not_supported(field: str, value: Any, supported: Sequence[str]) -> FieldError:
    """Say which values there are."""
    known = ", ".join(json.dumps(name) for name in supported)
    text = f"Unsupported value: {_go_json(value)}: supported values: {known}"
    return FieldError(field, text, "FieldValueNotSupported")


def too_many(field: str, count: int, limit: int) -> FieldError:
    """Say that a list is too long."""
    text = f"Too many: {count}: must have at most {limit} items"
    return FieldError(field, text, "FieldValueTooMany")


def invalid(group: str, kind: str, name: str, errors: Sequence[FieldError]) -> ApiError:
    """Build the 422 of an object; the message names each error once, the causes every time."""
    texts = list(dict.fromkeys(f"{error.field}: {error.message}" for error in errors))
    listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    causes = [
        {"field": error.field, "message": error.message, "reason": error.reason} for error in errors
    ]
    details = _details(group, kind, name) | {"causes": causes}
    qualified = f"{kind}.{group}" if group else kind
    message = f'{qualified} "{name}" is invalid: {listed}'
    return ApiError(422, "Invalid", message, details)


def not_found(group: str, plural: str, name: str) -> ApiError:
    """Build the 404 of an object."""
    message = f'{_qualified(group, plural)} "{name}" not found'
    return ApiError(404, "NotFound", message, _details(group, plural, name))


def already_exists(group: str, plural: str, name: str) -> ApiError:
    """Build the 409 of a name that is taken."""
    message = f'{_qualified(group, plural)} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, _details(group, plural, name))


def conflict(group: str, kind: str, name: str, why: str) -> ApiError:
    """Build the 409 of an update or a deletion that came too late."""
    message = f'Operation cannot be fulfilled on {_qualified(group, kind)} "{name}": {why}'
    return ApiError(409, "Conflict", message, _details(group, kind, name))


def forbidden(group: str, plural: str, name: str, why: str) -> ApiError:
    """Build a 403; `why` follows "is forbidden: "."""
    subject = f'{_qualified(group, plural)} "{name}"' if name else _qualified(group, plural)
    details = _details(group, plural, name)
    return ApiError(403, "Forbidden", f"{subject} is forbidden: {why}", details)


def bad_request(message: str) -> ApiError:
    """Build a 400."""
    return ApiError(400, "BadRequest", message)


def expired(message: str, *, token: str = "") -> ApiError:
    """Build the 410 of a version that is no longer kept; a list may go on from `token`."""
    return ApiError(410, "Expired", message, metadata={"continue": token} if token else None)


def unsupported_media_type(*known: str) -> ApiError:
    """Build the 415 of a body that is not in one of these formats."""
    message = (
        "the body of the request was in an unknown format - accepted media types include: "
        f"{', '.join(known)}"
    )
    return ApiError(415, "UnsupportedMediaType", message)


def unappliable_patch() -> ApiError:
    """Build the 422 of a JSON patch whose operations do not fit; it does not say which."""
    message = "the server rejected our request due to an error in our request"
    return ApiError(422, "Invalid", message, {})


def too_large_version(asked: int, current: int) -> ApiError:
    """Build the 504 of a version that there is not yet."""
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    message = f"Timeout: Too large resource version: {asked}, current: {current}"
    return ApiError(504, "Timeout", message, {"causes": [cause], "retryAfterSeconds": 1})


def success(group: str, plural: str, name: str, uid: str) -> Json:
    """Build the answer to a deletion that is over."""
    details = _details(group, plural, name) | {"uid": uid}
    body: Json = {"apiVersion": "v1", "kind": "Status", "metadata": {}}
    return body | {"status": "Success", "details": details}


def _details(group: str, kind: str, name: str) -> Json:
    named = {"group": group, "kind": kind, "name": name}
    return {key: value for key, value in named.items() if value}


def _qualified(group: str, plural: str) -> str:
    return f"{plural}.{group}" if group else plural


def go_kind(value: Any) -> str:
    """Return how Go's decoder calls a JSON value of the wrong kind."""
    kinds = {dict: "object", list: "array", bool: "bool", str: "string", type(None): "null"}
    return kinds.get(type(value), "number")


def _go_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
