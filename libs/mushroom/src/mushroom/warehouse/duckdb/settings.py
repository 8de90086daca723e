"""What every connection of the warehouse is told."""

from __future__ import annotations

__all__ = ["settings"]

_MIB_OF_A_GIB = 1024


def settings(memory_gib: float | None) -> dict[str, str | bool]:
    """DuckDB's settings for a limit of memory; None: its own limit.

    >>> settings(1.5)["memory_limit"]
    '1536MiB'
    """
    found: dict[str, str | bool] = {"autoinstall_known_extensions": False}
    if memory_gib is not None:
        found["memory_limit"] = f"{round(memory_gib * _MIB_OF_A_GIB)}MiB"
    return found
