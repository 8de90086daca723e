"""Drivers that never started, because of their image or for want of a node: what to say of them."""

from __future__ import annotations

from typing import Any

from yule_runner.kubernetes.api import ClusterApi
from yule_runner.kubernetes.names import STARTED
from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import is_driver, terminal_condition

__all__ = ["is_unstarted", "last_complaint", "unstarted_words"]

Json = dict[str, Any]

_DEADLINE = "DeadlineExceeded"
_CREATED = "Created pod: "


def is_unstarted(job: Json) -> bool:
    """Say whether the Job is a driver's that the cluster has ended because it had not started."""
    terminal = terminal_condition(job)
    return (
        is_driver(job)
        and terminal is not None
        and terminal.get("reason") == _DEADLINE
        and STARTED not in (job["metadata"].get("annotations") or {})
    )


def unstarted_words(job: Json) -> str:
    """Say that a driver never started, and what to do."""
    name, limit_s = job["metadata"]["name"], job["spec"]["activeDeadlineSeconds"]
    return (
        f"The driver {name} was ended by the cluster, because it had not started after {limit_s} "
        "s: look whether its image exists and can be pulled, and whether a node has room for it; "
        "then run the case again."
    )


def last_complaint(api: ClusterApi, uid: str) -> str:
    """Return the cluster's last warning about the pods of a Job; empty once it is forgotten.

    Pods go with their Job's deadline; events stay for an hour.

    Args:
        api: the cluster.
        uid: of the Job.

    Raises:
        ApiUnavailable, ClusterError: the events cannot be read.
    """
    events = api.events_of(uid)
    created = [str(each.get("message", "")) for each in events]
    pods = [words.removeprefix(_CREATED) for words in created if words.startswith(_CREATED)]
    for pod in reversed(pods):
        said = [
            str(each.get("message", ""))
            for each in api.events_about(pod)
            if each.get("type") == "Warning"
        ]
        # A kubelet tells each failure twice: why, and `Error: ImagePullBackOff`.
        telling = [words for words in said if not words.startswith("Error: ")] or said
        if telling:
            return printable(telling[-1])
    return ""
