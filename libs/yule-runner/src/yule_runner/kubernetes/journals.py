"""What the pods of a Job have told, read from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gokart_store import Store

from yule_runner.messages import Reply, decode_reply
from yule_runner.pod_files import JOURNAL, LOG, job_prefix, pod_prefix

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
    """

    def __init__(self, store: Store, job: str, uid: str) -> None:
        self._store, self._job, self._uid = store, job, uid
        self._read: Counter[str] = Counter()

    def news(self) -> Iterator[Told]:
        """Yield what was told since the last call: one listing, and a read for each longer file."""
        prefix = job_prefix(self._job, self._uid)
        sizes = self._store.sizes(prefix)
        for name, size in sorted(sizes.items()):
            if not name.endswith(f"/{JOURNAL}") or size <= self._read[name]:
                continue
            data = self._store.read_bytes(f"{prefix}/{name}") or b""
            new = data[self._read[name] :]
            whole = new[: new.rfind(b"\n") + 1]
            self._read[name] += len(whole)
            index, pod, _ = name.split("/")
            for line in whole.splitlines():
                yield Told(index=int(index), pod=pod, reply=decode_reply(line))

    def log(self, index: int, pod: str) -> Path:
        """Return the file with what a pod has printed so far."""
        return self._store.shared(pod_prefix(self._job, self._uid, index, pod)) / LOG
