"""Why a pod does not run, in words, and how long that is put up with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import is_deleted, is_ended, is_unplaced

__all__ = ["Holdup", "holdup_of", "no_scale_up_words", "silence"]

Json = dict[str, Any]

_HOPELESS = ("InvalidImageName", "ErrImageNeverPull")
_PULLING = ("ImagePullBackOff", "ErrImagePull", "ImageInspectError", "RegistryUnavailable")
_CREATING = (
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "PostStartHookError",
)


@dataclass(frozen=True, kw_only=True)
class Holdup:
    """One reason for which a pod does not go on.

    Attributes:
        key: equal as long as the reason is the same.
        words: a sentence for a person.
        limit_s: how long it is put up with.
        is_stuck: whether the pod is on its way out, and others could do its work.
        normal_s: how long it is nothing to speak of.
    """

    key: str
    words: str
    limit_s: float
    is_stuck: bool = False
    normal_s: float = 0.0


def holdup_of(pod: Json, patience: Patience) -> Holdup | None:
    """Return what holds a pod up; None where it runs, has ended, or is only being made ready."""
    if is_ended(pod):
        return None
    if is_deleted(pod):
        return _leaving(pod, patience)
    status = pod.get("status", {})
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in status.get(field) or []:
            if found := _waiting(container, patience):
                return found
    for condition in status.get("conditions") or [] if is_unplaced(pod) else ():
        if condition["type"] == "PodScheduled":
            said = _shortened(printable(condition.get("message", "")))
            words = f"no node can take the pod now. The scheduler says: {said}"
            return Holdup(key=said, words=words, limit_s=patience.unschedulable_s)
    return None


def no_scale_up_words(message: str) -> str:
    """Say in a sentence why the autoscaler adds no node."""
    said = printable(message).removeprefix("pod didn't trigger scale-up: ")
    return f"no node is added for pods that wait for one. The autoscaler says: {said}"


def silence(pod: str, silent_s: float) -> Holdup:
    """Return what is told of a pod that runs and gives no sign of life: it may come to itself."""
    words = (
        f"the pod {pod} runs, and has given no sign of life for {silent_s:.0f} s: its process may "
        "hang, or its node or the store be out of reach"
    )
    return Holdup(key=f"silent {pod}", words=words, limit_s=math.inf)


def _waiting(container: Json, patience: Patience) -> Holdup | None:
    waiting = container.get("state", {}).get("waiting") or {}
    reason, message = waiting.get("reason", ""), printable(waiting.get("message", ""))
    image = container["image"]
    if reason in _HOPELESS:
        words = f"the image {image!r} cannot be used ({reason}). {message}".strip()
        return Holdup(key="image", words=words, limit_s=0)
    if reason in _PULLING:
        words = f"the image {image!r} cannot be pulled ({reason}). {message}".strip()
        return Holdup(key="image", words=words, limit_s=patience.image_s)
    if reason in _CREATING:
        words = f"the container cannot be created ({reason}). {message}".strip()
        return Holdup(key=reason, words=words, limit_s=patience.container_s)
    return None


def _leaving(pod: Json, patience: Patience) -> Holdup:
    node = pod["spec"].get("nodeName", "its node")
    grace_s = float(pod["metadata"].get("deletionGracePeriodSeconds") or 0)
    return Holdup(
        key="leaving",
        words=f"the pod {pod['metadata']['name']} was told to end, and {node} has not confirmed it",
        limit_s=grace_s + patience.terminating_s,
        is_stuck=True,
        normal_s=grace_s,
    )


def _shortened(message: str) -> str:
    """Leave out what the scheduler says about preemption, which would change nothing here."""
    return message.partition(" no new claims to deallocate")[0].partition(" preemption:")[0]
