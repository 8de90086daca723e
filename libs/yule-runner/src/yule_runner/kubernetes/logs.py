"""What the pods of a Job have printed, read from the store: nothing lost, nothing doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gokart_store import Store

from yule_runner.kubernetes.printing import printable
from yule_runner.pod_files import LOG, job_prefix

__all__ = ["LogLines", "LogReader"]


@dataclass(frozen=True, kw_only=True)
class LogLines:
    """Lines that one pod has printed, one after the other, without their ends."""

    index: int
    pod: str
    lines: tuple[str, ...]


class LogReader:
    """Reads the logs of one Job's pods, each line once, and only when it is whole.

    Args:
        store: where they lie.
        job: the Job's name.
        uid: the Job's uid.
    """

    def __init__(self, store: Store, job: str, uid: str) -> None:
        self._store, self._prefix = store, job_prefix(job, uid)
        self._read: Counter[str] = Counter()

    def news(self, *, is_last: bool = False) -> Iterator[LogLines]:
        """Yield what was printed since the last call, by index and pod.

        Args:
            is_last: whether nothing more will come: a last line may have no end.
        """
        sizes = self._store.sizes(self._prefix)
        names = [
            name
            for name, size in sizes.items()
            if name.endswith(f"/{LOG}") and size > self._read[name]
        ]
        for name in sorted(names, key=_place):
            data = self._store.read_bytes(f"{self._prefix}/{name}") or b""
            new = data[self._read[name] :]
            whole = new if is_last else new[: new.rfind(b"\n") + 1]
            self._read[name] += len(whole)
            index, pod, _ = name.split("/")
            lines = whole.decode(errors="replace").splitlines()
            if lines:
                yield LogLines(
                    index=int(index), pod=printable(pod), lines=tuple(map(printable, lines))
                )


def _place(name: str) -> tuple[int, str]:
    index, _, rest = name.partition("/")
    return int(index), rest
