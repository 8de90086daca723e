"""Peak resident memory of this process, where the system can tell."""

import sys
from pathlib import Path

__all__ = ["peak_memory_gib", "reset_peak_memory"]

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # proc(5): resets VmHWM to the current value


def reset_peak_memory() -> None:
    """Count the next peak from now on; without /proc it counts from the start of the process."""
    try:
        _CLEAR.write_text(_RESET_PEAK)
    except OSError:
        return


def peak_memory_gib() -> float | None:
    """Return the peak since the last reset in GiB, or None where the system does not tell."""
    try:
        status = _STATUS.read_text()
    except OSError:
        return _peak_of_process_gib()
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 2**20
    return _peak_of_process_gib()


def _peak_of_process_gib() -> float | None:
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**30 if sys.platform == "darwin" else 2**20)
