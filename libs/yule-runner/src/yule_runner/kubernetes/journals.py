"""What the pods of a Job have told, read from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gokart_store import Store

from yule_runner.kubernetes.printing import printable, printable_lines
from yule_runner.messages import OrderRefused, Reply, TaskMissed, decode_reply
from yule_runner.pod_files import HEARTBEAT, JOURNAL, LOG, job_prefix, pod_prefix

__all__ = ["JournalReader", "Told"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """One reply, and whose it is."""

    index: int
    pod: str
    reply: Reply


class JournalReader:
    """Reads the journals of one Job's pods, each line once.

    Args:
        store: where they lie.
        job: the Job's name.
        uid: the Job's uid.

    Attributes:
        beats: sizes of the heartbeats, by pod, at the last listing.
    """

    def __init__(self, store: Store, job: str, uid: str) -> None:
        self.beats: dict[str, int] = {}
        self._store, self._job, self._uid = store, job, uid
        self._read: Counter[str] = Counter()

    def news(self) -> Iterator[Told]:
        """Yield what was told since the last call: one listing, and a read for each longer file."""
        prefix = job_prefix(self._job, self._uid)
        sizes = self._store.sizes(prefix)
        self.beats = {
            name.split("/")[1]: size
            for name, size in sizes.items()
            if name.endswith(f"/{HEARTBEAT}")
        }
        for name, size in sorted(sizes.items()):
            if not name.endswith(f"/{JOURNAL}") or size <= self._read[name]:
                continue
            data = self._store.read_bytes(f"{prefix}/{name}") or b""
            new = data[self._read[name] :]
            whole = new[: new.rfind(b"\n") + 1]
            self._read[name] += len(whole)
            index, pod, _ = name.split("/")
            for line in whole.splitlines():
                yield Told(index=int(index), pod=printable(pod), reply=_shown(decode_reply(line)))

    def log(self, index: int, pod: str) -> Path:
        """Return the file with what a pod has printed so far."""
        return self._store.shared(pod_prefix(self._job, self._uid, index, pod)) / LOG


def _shown(reply: Reply) -> Reply:
    """Escape what a task's own words could do to the terminal of whoever reads them."""
    if not isinstance(reply, OrderRefused | TaskMissed):
        return reply
    failure = replace(
        reply.failure,
        cause=printable_lines(reply.failure.cause),
        traceback=printable_lines(reply.failure.traceback),
    )
    return replace(reply, failure=failure)
