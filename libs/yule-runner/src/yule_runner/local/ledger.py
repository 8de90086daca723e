"""What of the machine is taken: admission of tasks by the resources they declare."""

from __future__ import annotations

from gokart_store import Resources

__all__ = ["Ledger"]

_TOLERANCE = 1e-9  # for sums of fractions of a core


class Ledger:
    """Counts cores, memory and GPUs in use.

    A task that wants more cores than there are gets all of them, one such task at a time: its
    threads are part of its meaning, and only slower on a small machine. Memory does not give way.
    """

    def __init__(self, *, cpu: float, memory_gib: float, gpu: int) -> None:
        self._cpu = cpu
        self._memory_gib = memory_gib
        self._gpu = gpu
        self._free_cpu = cpu
        self._free_memory_gib = memory_gib
        self._free_gpu = gpu

    def refusal(self, resources: Resources) -> str | None:
        """Say why a task with these needs never fits; None if it does."""
        if resources.memory_gib > self._memory_gib + _TOLERANCE:
            return (
                f"it declares {resources.memory_gib:g} GiB of memory, and local workers share "
                f"{self._memory_gib:g} GiB. Raise the limit, or run it on a larger machine."
            )
        if resources.gpu > self._gpu:
            return (
                f"it declares {resources.gpu} GPUs, and local workers share {self._gpu}. "
                "Run it on a machine with GPUs, or choose settings that need none."
            )
        return None

    def room_for(self, resources: Resources) -> int:
        """Return how many more tasks with these needs fit now."""
        cpu = min(resources.cpu, self._cpu)
        rooms = [
            (self._free_cpu + _TOLERANCE) // cpu,
            (self._free_memory_gib + _TOLERANCE) // resources.memory_gib,
        ]
        if resources.gpu:
            rooms.append(self._free_gpu // resources.gpu)
        return int(min(rooms))

    def take(self, resources: Resources) -> None:
        """Note that a task with these needs runs."""
        self._add(resources, -1)

    def give_back(self, resources: Resources) -> None:
        """Note that it runs no more."""
        self._add(resources, 1)

    def _add(self, resources: Resources, sign: int) -> None:
        self._free_cpu += sign * min(resources.cpu, self._cpu)
        self._free_memory_gib += sign * resources.memory_gib
        self._free_gpu += sign * resources.gpu
