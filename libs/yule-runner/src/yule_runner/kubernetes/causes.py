"""Why an index failed, in a sentence."""

from __future__ import annotations

import signal

from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import PodEnd

__all__ = ["OOM_KILLED", "cause_of_end"]

OOM_KILLED = "OOMKilled"
_SIGNALLED = 128
_LAST_WORDS = 300


def cause_of_end(pod: str, end: PodEnd | None, *, memory_gib: float) -> str:
    """Say how a pod ended.

    Args:
        pod: its name.
        end: what the cluster says; None where it says nothing any more.
        memory_gib: what the pod was given.
    """
    if end is None:
        return f"{pod} is gone, and the cluster does not say how it ended."
    if end.reason == OOM_KILLED:
        return f"{pod} ran out of memory: it had {memory_gib:g} GiB."
    words = printable(" ".join(end.message.split())[-_LAST_WORDS:])
    words = f" Its last words: {words}" if words else ""
    if end.reason == "DeadlineExceeded":
        return f"{pod} ran longer than its deadline.{words}"
    if end.exit_code is None:
        return f"{pod} ended without a word ({printable(end.reason) or 'no reason given'}).{words}"
    if end.exit_code > _SIGNALLED:
        return f"{pod} was killed by {_signal_name(end.exit_code - _SIGNALLED)}.{words}"
    return f"{pod} ended by itself with exit code {end.exit_code}.{words}"


def _signal_name(signum: int) -> str:
    try:
        return signal.Signals(signum).name
    except ValueError:
        return f"signal {signum}"
