"""A small product of another team: tasks that do as they are told, and a factory for them.

The tests install it as a distribution of its own, so that workers find it as they find any other.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import luigi
from gokart_store import (
    JsonFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamListParameter,
)

_POLL_S = 0.005
_PATIENCE_S = 60.0


class Number(StoredTask[Any]):
    """Stores a number."""

    format = JsonFormat()
    value = luigi.IntParameter()

    def run(self) -> None:
        self.dump(self.value)


class Sum(StoredTask[Any]):
    """Adds what its upstream tasks have stored."""

    format = JsonFormat()
    parts = UpstreamListParameter()

    def run(self) -> None:
        self.dump(sum(part.result() for part in self.parts))


class Scripted(StoredTask[Any]):
    """Behaves as its script says, and leaves traces in a folder.

    Script: name; fails, dies: that many attempts end so; waits_for: a file to appear;
    stubborn: ignores interruptions; allocate_mib; cpu, memory_gib: its declaration.
    """

    format = JsonFormat()
    script = JsonParameter()
    parts = UpstreamListParameter(default=())
    traces = luigi.Parameter(significant=False)

    def required_resources(self) -> Resources:
        script = self.script.value
        return Resources(cpu=script.get("cpu", 1), memory_gib=script.get("memory_gib", 0.5))

    def run(self) -> None:
        script = self.script.value
        traces = Path(self.traces)
        name = script["name"]
        attempt = len(list(traces.glob(f"{name}.attempt-*"))) + 1
        (traces / f"{name}.attempt-{attempt}").write_text(str(os.getpid()))
        print(f"{name} says hello")
        if "forks" in script and attempt == 1:
            child = os.fork()
            if child == 0:
                signal.pause()
            (traces / f"{name}.child").write_text(str(child))
        if attempt <= script.get("dies", 0):
            os.kill(os.getpid(), signal.SIGKILL)
        if attempt <= script.get("exits", 0):
            raise SystemExit(3)
        if "allocate_mib" in script:
            _touch_memory(script["allocate_mib"])
        if "meets" in script:
            (traces / f"{name}.here").touch()
            for other in script["meets"]:
                _wait_for(traces / f"{other}.here", stubborn=False)
        if "alone" in script:
            _hold_alone(traces, script["alone"])
        if "waits_for" in script:
            _wait_for(traces / script["waits_for"], stubborn=script.get("stubborn", False))
        if attempt <= script.get("fails", 0):
            raise ValueError(f"{name} was told to fail")
        self.dump([name, *(part.result() for part in self.parts)])


def _wait_for(path: Path, *, stubborn: bool) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} did not appear")
        try:
            time.sleep(_POLL_S)
        except KeyboardInterrupt:
            if not stubborn:
                raise


def _hold_alone(traces: Path, lock: str) -> None:
    (traces / lock).touch(exist_ok=False)  # fails if another task is inside
    for _ in range(10):
        time.sleep(_POLL_S)
    (traces / lock).unlink()


def _touch_memory(mib: int) -> None:
    block = bytearray(mib << 20)
    block[:: 1 << 12] = b"x" * len(block[:: 1 << 12])


def totals(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build one sum over `count` numbers."""
    store = arguments["store"]
    numbers = tuple(
        Number(value=value, workspace_directory=store) for value in range(arguments["count"])
    )
    return [Sum(parts=numbers, workspace_directory=store)]


def scripted(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build scripted tasks; a script names its upstream tasks under `needs`."""
    tasks: dict[str, StoredTask[Any]] = {}
    for script in arguments["scripts"]:
        needs = script.get("needs", [])
        tasks[script["name"]] = Scripted(
            script={key: value for key, value in script.items() if key != "needs"},
            parts=tuple(tasks[need] for need in needs),
            traces=arguments["traces"],
            workspace_directory=arguments["store"],
        )
    return list(tasks.values())


def not_tasks(_arguments: Mapping[str, Any]) -> list[str]:
    """Return what is no task."""
    return ["a", "b"]


def unsteady(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Build other tasks in every process, as no factory should."""
    return [Number(value=os.getpid(), workspace_directory=arguments["store"])]


def ends_the_process(arguments: Mapping[str, Any]) -> list[StoredTask[Any]]:
    """Kill every process but the driver that builds the graph."""
    if os.getpid() != arguments["driver"]:
        os.kill(os.getpid(), signal.SIGKILL)
    return [Number(value=1, workspace_directory=arguments["store"])]
