"""The life of one pod on the node: from its binding to its last status."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yule_runner.testing.kubernetes.kubelet.api import KubeletApi
from yule_runner.testing.kubernetes.kubelet.container import ContainerProcess
from yule_runner.testing.kubernetes.kubelet.logs import log_path
from yule_runner.testing.kubernetes.kubelet.statuses import (
    ContainerState,
    disruption,
    now_text,
    pod_status,
)

__all__ = ["Ending", "PodWorker"]

Json = dict[str, Any]

_POLL_S = 0.02
_NO_PROGRAM = 128
_SHUTDOWN = "Pod was terminated in response to imminent node shutdown."
_LAST_WORDS = 2048


@dataclass(frozen=True, kw_only=True)
class Ending:
    """Why a pod is to end before it ends by itself.

    Attributes:
        grace_s: seconds between SIGTERM and SIGKILL; 0 kills at once.
        container_reason: why its containers ended; empty for what their exit codes say.
        pod_reason: why the pod ended; makes it Failed whatever the exit codes.
        message: more about that.
        is_disruption: whether it ends through no fault of its own.
    """

    grace_s: float
    container_reason: str = ""
    pod_reason: str = ""
    message: str = ""
    is_disruption: bool = False

    @classmethod
    def preemption(cls, grace_s: float) -> Ending:
        """The node is about to be taken away."""
        text = _SHUTDOWN
        return cls(grace_s=grace_s, pod_reason="Terminated", message=text, is_disruption=True)


class PodWorker(threading.Thread):
    """Runs a pod's containers, and reports.

    Args:
        api: the API server.
        pod: as bound.
        folder: for its files and logs.
        refusals: images that cannot be had: their names, to the waiting reason.
        kubeconfig: for pods that have the token of a service account.
        environment: what the node gives to all of its containers.
    """

    def __init__(
        self,
        api: KubeletApi,
        pod: Json,
        folder: Path,
        refusals: Mapping[str, str],
        *,
        kubeconfig: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name=f"pod {pod['metadata']['name']}", daemon=True)
        self._api, self._pod, self._folder, self._refusals = api, pod, folder, refusals
        self._kubeconfig, self._environment = kubeconfig, environment
        spec = pod["spec"]
        self._states = {each["name"]: _waiting(each) for each in spec["containers"]}
        self._inits = {each["name"]: _waiting(each) for each in spec.get("initContainers") or []}
        self._processes: dict[str, ContainerProcess] = {}
        self._since = now_text()
        self._ending: Ending | None = None
        self._is_silent = False
        self._deadline_s = time.monotonic() + spec.get("activeDeadlineSeconds", float("inf"))

    def end(self, ending: Ending) -> None:
        """End the pod; of several endings the first counts."""
        if self._ending is None:
            self._ending = ending

    def silence(self) -> None:
        """Report nothing any more: the node is lost."""
        self._is_silent = True

    def is_running(self, container: str) -> bool:
        """Say whether a container may still write to its log."""
        state = self._states.get(container) or self._inits.get(container)
        return self.is_alive() and state is not None and not state.ended

    def run(self) -> None:
        """Run init containers one by one, then the containers; report each step."""
        for container in self._pod["spec"].get("initContainers") or []:
            if not self._start([container], self._inits) or not self._follow(self._inits):
                self._report(is_over=True)
                return
        if self._start(self._pod["spec"]["containers"], self._states):
            self._follow(self._states)
        self._report(is_over=True)

    def _start(self, containers: list[Json], states: dict[str, ContainerState]) -> bool:
        """Start containers; return whether they run."""
        if not self._have_images(containers, states):
            return False
        for container in containers:
            name = container["name"]
            states[name] = states[name].start()
            try:
                self._processes[name] = ContainerProcess(
                    self._pod,
                    container,
                    self._folder / "run",
                    self._log(name),
                    kubeconfig=self._kubeconfig,
                    environment=self._environment,
                )
            except (OSError, ValueError) as error:
                states[name] = states[name].end(_NO_PROGRAM, "StartError", str(error))
                return False
        self._report()
        return True

    def _have_images(self, containers: list[Json], states: dict[str, ContainerState]) -> bool:
        """Wait for images that cannot be had; return False when the pod ends meanwhile."""
        reported = None
        while True:
            wanted = {each["name"]: each["image"] for each in containers}
            missing = {
                name: self._refusals[image]
                for name, image in wanted.items()
                if image in self._refusals
            }
            if not missing:
                return True
            if missing != reported:
                for name, why in missing.items():
                    text = f'Back-off pulling image "{wanted[name]}"'
                    states[name] = states[name].wait(why, text)
                    refused = f'Failed to pull image "{wanted[name]}": not found'
                    self._api.warn(self._pod, "Failed", refused)
                self._report()
                reported = missing
            if self._must_end():
                for name in wanted:
                    states[name] = states[name].end(137, "ContainerStatusUnknown")
                return False
            time.sleep(_POLL_S)

    def _follow(self, states: dict[str, ContainerState]) -> bool:
        """Wait until all have ended; return whether none failed and nothing else ended them."""
        killed_at_s = float("inf")
        is_ending = False
        while running := [name for name in self._processes if not states[name].ended]:
            if (ending := self._must_end()) and not is_ending:
                is_ending = True
                killed_at_s = time.monotonic() + ending.grace_s
                self._signal(running, signal.SIGTERM if ending.grace_s else signal.SIGKILL)
            if time.monotonic() >= killed_at_s:
                self._signal(running, signal.SIGKILL)
                killed_at_s = float("inf")
            for name in running:
                code = self._processes[name].wait(_POLL_S)
                if code is not None:
                    states[name] = self._ended(name, states[name], code)
        self._processes.clear()
        return self._ending is None and not any(each.exit_code for each in states.values())

    def _ended(self, name: str, state: ContainerState, code: int) -> ContainerState:
        reason = self._ending.container_reason if self._ending and code else ""
        container = next(
            each
            for field in ("containers", "initContainers")
            for each in self._pod["spec"].get(field) or []
            if each["name"] == name
        )
        words = ""
        if code and container.get("terminationMessagePolicy") == "FallbackToLogsOnError":
            lines = self._log(name).read_bytes()[-2 * _LAST_WORDS :].splitlines()
            words = b"\n".join(line.partition(b" ")[2] for line in lines).decode(errors="replace")
        return state.end(code, reason, words)

    def _must_end(self) -> Ending | None:
        if self._ending is None and time.monotonic() > self._deadline_s:
            text = "Pod was active on the node longer than the specified deadline"
            grace_s = self._pod["spec"].get("terminationGracePeriodSeconds", 30)
            self._ending = Ending(grace_s=grace_s, pod_reason="DeadlineExceeded", message=text)
        return self._ending

    def _report(self, *, is_over: bool = False) -> None:
        if self._is_silent:
            return
        ending = self._ending if is_over else None
        conditions = [disruption(ending.message)] if ending and ending.is_disruption else []
        status = pod_status(
            list(self._states.values()),
            list(self._inits.values()),
            is_over=is_over,
            conditions=conditions,
            reason=ending.pod_reason if ending else "",
            message=ending.message if ending else "",
        )
        self._api.write_status(self._pod, status | {"startTime": self._since})

    def _signal(self, names: list[str], signum: int) -> None:
        for name in names:
            self._processes[name].signal(signum)

    def _log(self, container: str) -> Path:
        metadata = self._pod["metadata"]
        return log_path(self._folder.parent, metadata["namespace"], metadata["name"], container)


def _waiting(container: Json) -> ContainerState:
    return ContainerState(name=container["name"], image=container.get("image", ""))
