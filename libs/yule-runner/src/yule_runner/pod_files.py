"""What a pod leaves in its store while it works: where, and under which names."""

from __future__ import annotations

__all__ = ["ERROR", "HEARTBEAT", "JOURNAL", "LOG", "job_prefix", "pod_prefix"]

JOURNAL = "journal.jsonl"
"""What it tells its driver: replies of `yule_runner.messages`, a line each."""
LOG = "log.txt"
"""What it and its tasks print."""
HEARTBEAT = "heartbeat.txt"
"""When it was last alive, by its own clock: some lines, and one more with each beat."""
ERROR = "error.json"
"""The last thing that went wrong; not there where nothing did."""


def job_prefix(job: str, uid: str) -> str:
    """Return the folder of keys that holds what a Job's pods have left.

    A Job of the same name may follow one that was deleted, so that its uid belongs to it.
    """
    return f"side/pods/{job}/{uid}"


def pod_prefix(job: str, uid: str, index: int, pod: str) -> str:
    """Return the folder of keys of one pod; each pod of an index has its own."""
    return f"{job_prefix(job, uid)}/{index}/{pod}"
