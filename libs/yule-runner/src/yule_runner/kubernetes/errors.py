"""What a cluster answers when it does not do as asked, sorted by what can be done about it."""

from __future__ import annotations

import json
from typing import Any

from yule_runner.errors import ExecutorError, YuleRunnerError
from yule_runner.kubernetes.printing import printable

__all__ = [
    "ApiUnavailable",
    "ClusterError",
    "Conflict",
    "Expired",
    "NotFound",
    "RunCancelled",
    "missing_namespace",
    "refusal_of",
]

Json = dict[str, Any]

_RETRIED = (408, 425, 429, 500, 502, 503, 504)


class ClusterError(ExecutorError):
    """The cluster refuses, and asking again would not help."""


class RunCancelled(ClusterError):  # noqa: N818 - what happened to the run, as its users say it
    """Somebody has cancelled the run."""


class ApiUnavailable(YuleRunnerError):  # noqa: N818 - a state, not a mistake
    """The API server does not answer, or asks for patience.

    Attributes:
        retry_after_s: how long it asks to be left alone; None where it does not say.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotFound(YuleRunnerError):  # noqa: N818 - the API's own words, as the next two
    """There is no such object."""


class Conflict(YuleRunnerError):  # noqa: N818
    """The name is taken, or the object is not the one that was meant."""


class Expired(YuleRunnerError):  # noqa: N818
    """The version asked for is no longer kept: list anew."""


_KINDS: dict[int, type[YuleRunnerError]] = {404: NotFound, 409: Conflict, 410: Expired}


def refusal_of(
    code: int, body: bytes, *, asked: str, retry_after: str | None = None, skew: str = ""
) -> YuleRunnerError:
    """Return the error that an HTTP status stands for.

    Args:
        code: the status.
        body: the answer, a metav1.Status where it comes from an API server.
        asked: what was asked, as `create jobs in namespace yule`.
        retry_after: the header of that name.
        skew: how far the clocks are apart, in words; empty where they are not.
    """
    said = _message(body)
    if code == 422 and _is_another(body):
        return Conflict(f"Could not {asked}: {said}")
    if code in _KINDS:
        return _KINDS[code](f"Could not {asked}: {said}")
    if code in _RETRIED:
        wait_s = float(retry_after) if retry_after and retry_after.isdecimal() else None
        text = f"Could not {asked}: the API server answers {code} ({said})"
        return ApiUnavailable(text, retry_after_s=wait_s)
    if code == 401:
        return ClusterError(
            f"Could not {asked}: the cluster does not accept the credentials ({said}) Log in "
            f"again, or renew the token of this kubeconfig or service account. {skew}".rstrip()
        )
    if code == 403:
        return ClusterError(
            f"Could not {asked}: it is forbidden. The cluster says: {said} {_advice(said)}"
        )
    return ClusterError(f"Could not {asked}: the cluster answers {code}: {said}")


def missing_namespace(error: NotFound, namespace: str) -> ClusterError:
    """Return what it means that something cannot be created for want of a place."""
    return ClusterError(f"{error} Create the namespace {namespace}, or name another one.")


def _advice(said: str) -> str:
    """Say what to do about what is forbidden: by want of rights, of room, or by a rule."""
    if "exceeded quota" in said:
        return "Wait until there is room, or ask for a larger quota, and start the run again."
    if " cannot " in said:
        return "Give the account that verb in its role."
    return "A rule of the cluster says so, and no role: ask its administrators."


def _is_another(body: bytes) -> bool:
    """Say whether a patch was refused because the object has another uid than it names."""
    try:
        causes = json.loads(body)["details"]["causes"]
        return any(each["field"] == "metadata.uid" for each in causes)
    except (ValueError, KeyError, TypeError):
        return False


def _message(body: bytes) -> str:
    text = body.decode(errors="replace").strip()
    try:
        document = json.loads(text)
        said = str(document["message"])
    except (ValueError, KeyError, TypeError):
        said = text[:500]
    said = printable(" ".join(said.split()))
    return said if said.endswith(".") or not said else f"{said}."
