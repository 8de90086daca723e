"""What a case file must not hold: credentials, and names of secrets where none is read."""

from collections.abc import Iterator
from typing import Any

from mushroom import FieldPath

from yule_cli.credentials import has_credentials
from yule_cli.secrets import names_secret

__all__ = ["exposures"]

_MAY_NAME_SECRETS = {("tracking", "uri")}


def exposures(content: dict[str, Any]) -> dict[FieldPath, str]:
    """Return what is wrong with each field that exposes a secret; no message repeats one."""
    found: dict[FieldPath, str] = {}
    for path, text in _texts(content, ()):
        if has_credentials(text):
            found[path] = (
                "holds a user or a password, which would be shown in logs and reports. "
                + (
                    "Write ${env:NAME} or ${file:PATH} in its place."
                    if path in _MAY_NAME_SECRETS
                    else "Leave it out."
                )
            )
        elif names_secret(text) and path not in _MAY_NAME_SECRETS:
            found[path] = (
                f"is {text!r}, but no secret is read here; only `tracking.uri` may name one."
            )
    return found


def _texts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _texts(child, (*path, name))
    elif isinstance(value, list):
        for position, child in enumerate(value):
            yield from _texts(child, (*path, position))
