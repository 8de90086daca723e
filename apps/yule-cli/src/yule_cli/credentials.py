"""Credentials in URLs: found where they must not stand, hidden where they might be shown."""

import re

from yule_cli.secrets import REFERENCE

__all__ = ["has_credentials", "redacted"]

_REFERENCE_MARK = "\ue000"
# A password may hold a slash by mistake; digits behind the colon are a port.
_USER = re.compile(r"(?<=://)(?:[^/?#\s]*|[^/?#\s@:]*:(?!\d+(?:[/?#\s]|$))\S*)@")
_FIELD = re.compile(
    r"(?<=[?&;])([^=&;\s]*(?:passw|pwd|secret|token|credential|api_?key)[^=&;\s]*=)([^&;\s'\"]+)",
    re.IGNORECASE,
)


def has_credentials(text: str) -> bool:
    """Whether a URL in the text holds a user or a password that is not a reference to a secret.

    Example:
        >>> has_credentials("https://me:pass@host"), has_credentials("https://me:${env:PASS}@host")
        (True, False)
    """
    marked = REFERENCE.sub(_REFERENCE_MARK, text)
    users = [match.group()[:-1] for match in _USER.finditer(marked)]
    fields = [match.group(2) for match in _FIELD.finditer(marked)]
    return any(_is_literal(user) for user in users) or any(
        field.replace(_REFERENCE_MARK, "") for field in fields
    )


def redacted(text: str) -> str:
    """Return the text with `***` for every user and password in a URL.

    Example:
        >>> redacted("no answer from https://me:pass@host/a?token=1")
        'no answer from https://***@host/a?token=***'
    """
    return _FIELD.sub(r"\1***", _USER.sub("***@", text))


def _is_literal(user: str) -> bool:
    name, colon, password = user.partition(":")
    if colon:
        return bool(password.replace(_REFERENCE_MARK, ""))
    return _REFERENCE_MARK not in name
