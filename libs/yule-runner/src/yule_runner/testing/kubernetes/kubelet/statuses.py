"""Pod statuses as a kubelet writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

__all__ = ["ContainerState", "disruption", "now_text", "pod_status"]

Json = dict[str, Any]

_LONGEST_MESSAGE = 2048


def now_text() -> str:
    """Return the time as Kubernetes writes it, in whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True)
class ContainerState:
    """A container: waiting, running or terminated.

    Attributes:
        name: of the container.
        image: that it names.
        waiting: why it waits; empty where it does not.
        message: more about why it waits, or its last words.
        started: when it started; empty before.
        ended: when it ended; empty before.
        exit_code: what it ended with; None before.
        reason: why it ended, such as OOMKilled; found from the exit code where empty.
        restarts: how often it was started again.
    """

    name: str
    image: str
    waiting: str = "ContainerCreating"
    message: str = ""
    started: str = ""
    ended: str = ""
    exit_code: int | None = None
    reason: str = ""
    restarts: int = 0

    def start(self) -> ContainerState:
        """Return the state after a start."""
        again = 1 if self.started else 0
        return replace(
            self,
            waiting="",
            message="",
            started=now_text(),
            ended="",
            exit_code=None,
            reason="",
            restarts=self.restarts + again,
        )

    def wait(self, reason: str, message: str) -> ContainerState:
        """Return the state of waiting for something."""
        return replace(self, waiting=reason, message=message)

    def end(self, exit_code: int, reason: str = "", message: str = "") -> ContainerState:
        """Return the state after the end."""
        return replace(
            self,
            waiting="",
            started=self.started or now_text(),
            ended=now_text(),
            exit_code=exit_code,
            reason=reason,
            message=message[-_LONGEST_MESSAGE:],
        )

    @property
    def is_running(self) -> bool:
        """Whether it has started and not ended."""
        return bool(self.started) and not self.ended and not self.waiting

    def body(self) -> Json:
        """Return the ContainerStatus."""
        return {
            "name": self.name,
            "image": self.image,
            "imageID": "",
            "containerID": f"process://{self.name}" if self.started else "",
            "ready": self.is_running,
            "started": self.is_running,
            "restartCount": self.restarts,
            "lastState": {},
            "state": self._state(),
        }

    def _state(self) -> Json:
        if self.waiting:
            waiting = {"reason": self.waiting, "message": self.message}
            return {"waiting": {key: value for key, value in waiting.items() if value}}
        if self.exit_code is None:
            return {"running": {"startedAt": self.started}}
        ended: Json = {
            "exitCode": self.exit_code,
            "reason": self.reason or ("Error" if self.exit_code else "Completed"),
            "startedAt": self.started,
            "finishedAt": self.ended,
        }
        return {"terminated": ended | ({"message": self.message} if self.message else {})}


def disruption(message: str) -> Json:
    """Return the condition of a pod that ends through no fault of its own (KEP-3329)."""
    return {
        "type": "DisruptionTarget",
        "status": "True",
        "reason": "TerminationByKubelet",
        "message": message,
        "lastTransitionTime": now_text(),
    }


def pod_status(
    containers: Sequence[ContainerState],
    inits: Sequence[ContainerState] = (),
    *,
    is_over: bool = False,
    conditions: Sequence[Json] = (),
    reason: str = "",
    message: str = "",
    address: str = "127.0.0.1",
) -> Json:
    """Return a status patch.

    Args:
        containers: the states of the containers.
        inits: the states of the init containers.
        is_over: whether nothing will be started any more.
        conditions: besides readiness.
        reason: why the pod as a whole ended.
        message: more about that.
        address: of the pod.
    """
    everything = [*inits, *containers]
    has_failed = any(each.exit_code for each in everything) or bool(reason)
    has_started = any(each.started for each in containers)
    phase = "Running" if has_started else "Pending"
    if is_over:
        phase = "Failed" if has_failed else "Succeeded"
    is_ready = not is_over and all(each.is_running for each in containers)
    ready = {"type": "Ready", "status": str(is_ready), "lastTransitionTime": now_text()}
    status: Json = {
        "phase": phase,
        "hostIP": address,
        "podIP": address,
        "conditions": [ready, *conditions],
        "containerStatuses": [each.body() for each in containers],
    }
    if inits:
        status["initContainerStatuses"] = [each.body() for each in inits]
    named = {"reason": reason, "message": message}
    return status | {key: value for key, value in named.items() if value}
