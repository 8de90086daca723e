"""Secrets: the case file names them, they are read where they are used, and never stored."""

import os
import re
from pathlib import Path
from urllib.parse import quote

from yule_cli.errors import YuleError

__all__ = ["REFERENCE", "SecretError", "conceal", "names_secret", "reveal"]

REFERENCE = re.compile(r"\$\{(\w+):([^}]*)\}")
"""`${env:NAME}`, an environment variable, or `${file:PATH}`, the text of a file."""


class SecretError(YuleError):
    """A secret that the case file names cannot be read."""

    exit_code = 2


def names_secret(text: str) -> bool:
    """Whether a text names a secret, well or badly.

    Example:
        >>> names_secret("https://me:${env:PASSWORD}@host"), names_secret("$5 {a}")
        (True, False)
    """
    return "${" in text


def reveal(text: str, *, folder: Path) -> str:
    """Return the text with each reference replaced by its secret.

    Where a reference is but a part of the text, its secret is percent-encoded: the text is a URL,
    in which a password must not end the host's name.

    Args:
        text: A text with references, such as `https://me:${env:PASSWORD}@host`.
        folder: Where relative paths of `${file:PATH}` start.

    Raises:
        SecretError: If a secret is missing or empty, or a reference is malformed. The message names
            it and holds nothing of any secret.
    """
    if names_secret(REFERENCE.sub("", text)):
        raise SecretError(f"{_malformed(text)} Write ${{env:NAME}} or ${{file:PATH}}.")
    whole = REFERENCE.fullmatch(text)
    if whole:
        return _secret(whole, folder)
    return REFERENCE.sub(lambda match: quote(_secret(match, folder), safe=""), text)


def conceal(message: str, text: str, *, folder: Path) -> str:
    """Return the message with each secret that the text names replaced by its reference."""
    for match in REFERENCE.finditer(text):
        try:
            secret = _secret(match, folder)
        except SecretError:
            continue
        for shown in (secret, quote(secret, safe="")):
            message = message.replace(shown, match.group())
    return message


def _secret(match: re.Match[str], folder: Path) -> str:
    kind, name = match.groups()
    if kind == "env":
        secret = os.environ.get(name, "")
        if not secret:
            raise SecretError(
                f"{match.group()} names the environment variable {name!r}, which is "
                f"{'empty' if name in os.environ else 'not set'}. Set it before you start yule."
            )
        return secret
    if kind != "file":
        raise SecretError(f"{_malformed(match.group())} Write ${{env:NAME}} or ${{file:PATH}}.")
    path = folder / name
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise SecretError(f"{match.group()} names {path}, which is not text in UTF-8.") from None
    except OSError as error:
        raise SecretError(
            f"{match.group()} names {path}, which cannot be read: {error.strerror}."
        ) from None
    if not secret:
        raise SecretError(f"{match.group()} names {path}, which is empty.")
    return secret


def _malformed(text: str) -> str:
    return f"{text!r} does not name a secret."
