"""What this machine offers to a run. None of it changes a result."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

__all__ = ["Machine"]

_CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")
_CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Cores and memory that this process may use.

    Attributes:
        cpu: Cores.
        memory_gib: Memory in GiB.
    """

    cpu: int
    memory_gib: float

    @classmethod
    def here(cls) -> Self:
        """Look at the process's own limits, a container's among them."""
        cpu = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        quota = _read_words(_CGROUP_CPU)
        if len(quota) == 2 and quota[0].isdigit():
            cpu = min(cpu or 1, max(1, int(quota[0]) // int(quota[1])))
        limit = _read_words(_CGROUP_MEMORY)
        if len(limit) == 1 and limit[0].isdigit():
            memory = min(memory, int(limit[0]))
        return cls(cpu=cpu or 1, memory_gib=memory / 2**30)

    def limited(self, *, memory_gib: float | None) -> Self:
        """Return the machine with less memory; None: all there is."""
        if memory_gib is None:
            return self
        return replace(self, memory_gib=min(self.memory_gib, memory_gib))


def _read_words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
