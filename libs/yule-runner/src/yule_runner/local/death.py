"""Why a worker process ended without being asked to, as far as the system tells."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

from gokart_store import Resources

__all__ = ["cause_of_death", "oom_kills"]

_GROUPS = Path("/proc/self/cgroup")
_TREE = Path("/sys/fs/cgroup")


def oom_kills() -> int:
    """Return how many processes of this control group ran out of memory; 0 where unknown."""
    for path in _counters():
        try:
            lines = path.read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0


def _counters() -> Iterator[Path]:
    """Yield where the kernel may count: in the process's own group, as a container sees it last."""
    try:
        groups = [line.split(":", 2) for line in _GROUPS.read_text().splitlines()]
    except OSError:
        groups = []
    names = {kind: group.lstrip("/") for _, kind, group in groups}
    for group in (names.get("", ""), ""):
        yield _TREE / group / "memory.events"  # cgroup v2
    for group in (names.get("memory", ""), ""):
        yield _TREE / "memory" / group / "memory.oom_control"  # cgroup v1


def cause_of_death(
    code: int, resources: Resources, *, peak_gib: float | None = None, was_oom: bool
) -> str:
    """Explain a worker's exit code (negative: the signal that killed it) in a sentence."""
    used = "" if peak_gib is None else f"had used up to {peak_gib:.2f} GiB and "
    memory = f"the task {used}declares {resources.memory_gib:g} GiB"
    if code >= 0:
        return f"The worker ended by itself with exit code {code} in the middle of the task."
    name = _signal_name(-code)
    if was_oom:
        return f"The worker was killed by {name} because memory ran out; {memory}."
    if -code == signal.SIGKILL:
        return (
            f"The worker was killed by {name}: memory most likely ran out ({memory}), "
            "or somebody killed the process."
        )
    if -code in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL):
        return f"The worker crashed with {name} in compiled code; its log holds the Python stack."
    return f"The worker was killed by {name}."


def _signal_name(signum: int) -> str:
    try:
        return signal.Signals(signum).name
    except ValueError:
        return f"signal {signum}"
