"""Names and label values that Kubernetes accepts, whatever people call their cases."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["CANCELLED", "LONGEST_NAME", "POOL", "STARTED", "USED_BY", "job_name", "label_value"]

# Pods of an Indexed Job are called after it, with their index; host names end at 63 characters.
LONGEST_NAME = 63
USED_BY = "used-by.yule.dev/"
"""Prefix of the annotations of a Job that name the runs that it computes for."""
CANCELLED = "cancelled.yule.dev/"
"""Prefix of the annotations of a Job that name the runs that somebody has cancelled."""
POOL = "yule.dev/pool"
"""Annotation of a Job that names the node pool that it was made for."""
STARTED = "yule.dev/started"
"""Annotation of the Job of a driver that has run."""
_DIGEST_LENGTH = 12
_LONGEST_LABEL = 63


def job_name(
    kind: str, text: str, digest: str, *, generation: int = 1, completions: int = 1
) -> str:
    """Return the name of a Job: the same for the same arguments, on every machine.

    Args:
        kind: what the Job is, a word such as `driver` or `train`.
        text: anything that helps people to recognise it; shortened as needed.
        digest: hexadecimal digest of what it computes, which makes the name unique.
        generation: counts attempts to run the same thing by new Jobs, from 1.
        completions: how many indexes the Job has.

    >>> job_name("train", "GBDT auf Köln", "3fa9c210d4e7aa", completions=10)
    'yule-train-gbdt-auf-koln-3fa9c210d4e7-g1'
    >>> job_name("train", "東京", "3fa9c210d4e7aa", generation=2)
    'yule-train-3fa9c210d4e7-g2'
    """
    ending = f"-{digest[:_DIGEST_LENGTH]}-g{generation}"
    start = f"yule-{_plain(kind)}"
    room = LONGEST_NAME - len(f"-{max(completions, 1) - 1}") - len(ending)
    middle = _plain(text)
    readable = f"{start}-{middle}" if middle else start
    return readable[:room].rstrip("-") + ending


def label_value(text: str) -> str:
    """Return a label value that says `text`; what cannot be said so is shortened to a digest.

    >>> label_value("weekly case")
    'weekly-case-8c8b11ed'
    >>> label_value("exp42")
    'exp42'
    """
    if len(text) <= _LONGEST_LABEL and re.fullmatch(
        r"[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?", text
    ):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    plain = _plain(text)[: _LONGEST_LABEL - len(digest) - 1].rstrip("-")
    return f"{plain}-{digest}" if plain else digest


def _plain(text: str) -> str:
    """Return `text` in lower-case ASCII letters, digits and single hyphens."""
    decomposed = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", decomposed.lower()).strip("-")
