"""Which pods run and give no sign of life: by the driver's own clock, and by the pods' word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from gokart_store import Store

from yule_runner.kubernetes.overview import JobOverview
from yule_runner.pod_files import HEARTBEAT, pod_prefix

__all__ = ["Pulse", "Silence", "silences"]

_READERS = 16


@dataclass(kw_only=True)
class Pulse:
    """When heartbeats were last seen to change.

    The clocks of pods are not asked: their files grow with each beat.
    """

    _sizes: dict[str, int] = field(default_factory=dict)
    _since_s: dict[str, float] = field(default_factory=dict)

    def note(self, sizes: Mapping[str, int], now_s: float) -> None:
        """Take in the sizes of heartbeats, by pod."""
        for pod, size in sizes.items():
            if self._sizes.get(pod) != size:
                self._sizes[pod] = size
                self._since_s[pod] = now_s

    def silent_s(self, pod: str, now_s: float) -> float:
        """Return for how long a pod has been silent, at most since this was first asked."""
        return now_s - self._since_s.setdefault(pod, now_s)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A pod that runs, and when it last gave a sign of life, by its own clock."""

    job: str
    pod: str
    since: datetime


def silences(
    store: Store, jobs: Iterable[JobOverview], *, now: datetime, after_s: float = 120.0
) -> list[Silence]:
    """Return the pods that run and have been silent for so long: a read for each that runs.

    Args:
        store: of the run.
        jobs: of the run.
        now: with its time zone.
        after_s: longest normal pause between two beats, clocks that differ included.
    """
    places = [(job, index, pod) for job in jobs for index, pod in job.pods]

    def look(place: tuple[JobOverview, int, str]) -> Silence | None:
        job, index, pod = place
        content = store.read_bytes(f"{pod_prefix(job.name, job.uid, index, pod)}/{HEARTBEAT}")
        since = _last_beat(content or b"")
        if since is None or (now - since).total_seconds() <= after_s:
            return None
        return Silence(job=job.name, pod=pod, since=since)

    with ThreadPoolExecutor(_READERS) as readers:
        return [found for found in readers.map(look, places) if found is not None]


def _last_beat(content: bytes) -> datetime | None:
    """Read a heartbeat; None where a pod has written none yet, or something else."""
    words = content.decode(errors="replace").split()
    try:
        found = datetime.fromisoformat(words[-1]) if words else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
