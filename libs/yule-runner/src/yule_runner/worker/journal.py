"""What a worker in a pod tells its driver, in files of the store."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gokart_store import write_whole

from yule_runner.messages import OrderRefused, Reply, TaskMissed, encode
from yule_runner.pod_files import ERROR, HEARTBEAT, JOURNAL

__all__ = ["Journal", "keep_journal"]

_BEAT_S = 10.0
_KEPT_BEATS = 60


class Journal:
    """Appends replies to a file, and keeps the last failure in another.

    Args:
        folder: the pod's own; what an earlier container left there stays.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._beats: list[str] = []

    def tell(self, reply: Reply) -> None:
        """Write one reply down; it is whole in the file when this returns."""
        with (self._folder / JOURNAL).open("ab", buffering=0) as file:
            file.write(encode(reply))
        if isinstance(reply, TaskMissed | OrderRefused):
            failure = {
                "task_id": reply.task_id if isinstance(reply, TaskMissed) else None,
                "kind": reply.failure.kind,
                "cause": reply.failure.cause,
                "traceback": reply.failure.traceback,
                "time": _now(),
            }
            write_whole(self._folder / ERROR, json.dumps(failure, indent=2) + "\n")

    def beat(self) -> None:
        """Say that the worker lives: a listing shows it, for the file has another size."""
        if len(self._beats) == _KEPT_BEATS:
            self._beats.clear()
        self._beats.append(f"{_now()}\n")
        write_whole(self._folder / HEARTBEAT, "".join(self._beats))


@contextmanager
def keep_journal(folder: Path, *, beat_s: float = _BEAT_S) -> Iterator[Journal]:
    """Lend a journal, and say every `beat_s` seconds that the worker lives, until the end."""
    journal = Journal(folder)
    over = threading.Event()

    def run() -> None:
        while not over.wait(beat_s):
            journal.beat()

    journal.beat()
    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield journal
    finally:
        over.set()
        thread.join()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
