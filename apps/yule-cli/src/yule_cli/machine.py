"""What this machine offers to a run. None of it changes a result."""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

__all__ = ["Machine", "container_limits"]

_CONTROL_GROUP = Path("/sys/fs/cgroup")
"""Where a container sees its own."""


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
    def here(cls, control_group: Path = _CONTROL_GROUP) -> Self:
        """Look at the process's own limits, a container's among them."""
        cpu = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        cores, limit = container_limits(control_group)
        return cls(
            cpu=min(cpu or 1, cores or cpu or 1),
            memory_gib=min(memory, memory if limit is None else limit) / 2**30,
        )

    def limited(self, *, memory_gib: float | None) -> Self:
        """Return the machine with less memory; None: all there is."""
        if memory_gib is None:
            return self
        return replace(self, memory_gib=min(self.memory_gib, memory_gib))


def container_limits(control_group: Path) -> tuple[int | None, int | None]:
    """Return the cores, at least 1, and the bytes that a control group allows; None: no limit.

    Args:
        control_group: Its folder, of version 2, or of version 1, where each controller has one of
            its own inside.
    """
    # Version 1 has a file for each number, and says -1 for no quota.
    quota = _read_words(control_group / "cpu.max") or [
        *_read_words(control_group / "cpu/cpu.cfs_quota_us"),
        *_read_words(control_group / "cpu/cpu.cfs_period_us"),
    ]
    limit = _read_words(control_group / "memory.max") or _read_words(
        control_group / "memory/memory.limit_in_bytes"
    )
    cores = memory = None
    if len(quota) == 2 and quota[0].isdigit():
        cores = max(1, int(quota[0]) // int(quota[1]))
    if len(limit) == 1 and limit[0].isdigit():
        memory = int(limit[0])
    return cores, memory


def _read_words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
