"""Which holdups last too long: kept by the driver's own clock."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from yule_runner.executor import Held
from yule_runner.kubernetes.flight import Flight
from yule_runner.kubernetes.holdups import Holdup, holdup_of, no_scale_up_words, silence
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.reading import is_at_work, pod_index
from yule_runner.kubernetes.watched_time import WatchedTime

__all__ = ["HoldupClock", "Overdue"]

Json = dict[str, Any]

_REFUSED, _NO_SCALE_UP = "refused", "no scale-up"


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """A holdup that has lasted too long, and the index that it holds up; None for the whole Job."""

    holdup: Holdup
    index: int | None


class HoldupClock:
    """Tells each holdup once, and says when its time is over.

    Args:
        patience: how long to wait for what.
        tell: gets the news.
        now_s: the driver's clock.
    """

    def __init__(
        self, patience: Patience, *, tell: Callable[[Held], None], now_s: Callable[[], float]
    ) -> None:
        self._patience, self._tell, self._driver_s = patience, tell, now_s
        self._watched = WatchedTime(now_s)
        self._now_s = self._watched.now_s

    @property
    def is_blind(self) -> bool:
        """Whether the cluster cannot be seen, as far as was noted."""
        return self._watched.is_blind

    def note_sight(self, *, is_blind: bool) -> None:
        """Say whether the cluster can be seen: what lasts in the dark may be over already."""
        self._watched.note(is_blind=is_blind)

    def look(self, flight: Flight, pods: list[Json], *, is_busy: bool) -> list[Overdue]:
        """Return what has lasted too long among a Job's pods.

        Args:
            flight: the Job.
            pods: all that there are of it.
            is_busy: whether pods of this run are running, whose end makes room for others.
        """
        present: dict[tuple[str, str], tuple[Holdup, int | None]] = {}
        for pod in pods:
            holdup = holdup_of(pod, self._patience) or self._silence_of(flight, pod)
            if holdup is not None:
                present[(pod["metadata"]["uid"], holdup.key)] = (holdup, pod_index(pod))
        if pods:
            flight.refused_since_s = None
            flight.told.discard(_REFUSED)
        elif is_busy and flight.refused_since_s is not None:
            flight.refused_since_s = self._now_s()
        return self._judge(flight, present, is_busy=is_busy)

    def look_at_refusal(self, flight: Flight, words: str) -> list[Overdue]:
        """Return whether the cluster has refused a Job its pods for too long.

        The time counts from the first refusal, until `look` sees pods: each refusal names another
        pod, and is the same holdup all the same. As with `look`, it counts anew from the last time
        that pods of this run were running.
        """
        now_s = self._now_s()
        if flight.refused_since_s is None:
            flight.refused_since_s = now_s
        holdup = Holdup(key=_REFUSED, words=words, limit_s=self._patience.unschedulable_s)
        self._tell_once(flight, holdup, [])
        is_over = now_s - flight.refused_since_s >= holdup.limit_s
        return [Overdue(holdup=holdup, index=None)] if is_over else []

    def tell_no_scale_up(self, flight: Flight, words: str) -> None:
        """Tell why no node is added for pods that wait for one."""
        holdup = Holdup(key=_NO_SCALE_UP, words=no_scale_up_words(words), limit_s=math.inf)
        self._tell_once(flight, holdup, [])

    def _judge(
        self,
        flight: Flight,
        present: dict[tuple[str, str], tuple[Holdup, int | None]],
        *,
        is_busy: bool,
    ) -> list[Overdue]:
        now_s = self._now_s()
        earlier = flight.since_s
        flight.since_s = {place: earlier.get(place, now_s) for place in present}
        by_key: dict[str, list[int | None]] = {}
        overdue = []
        for place, (holdup, index) in present.items():
            by_key.setdefault(holdup.key, []).append(index)
            is_normal = is_busy and not holdup.is_stuck and holdup.limit_s > 0
            if is_normal:
                # Its time begins when nothing runs any more whose end would make room.
                flight.since_s[place] = now_s
            elif now_s - flight.since_s[place] >= holdup.limit_s:
                overdue.append(Overdue(holdup=holdup, index=index))
        for place, (holdup, _) in present.items():
            if now_s - flight.since_s[place] >= holdup.normal_s:
                self._tell_once(flight, holdup, by_key[holdup.key])
        flight.told &= by_key.keys() | {_REFUSED, _NO_SCALE_UP}
        return overdue

    def _silence_of(self, flight: Flight, pod: Json) -> Holdup | None:
        if not is_at_work(pod):
            return None
        name = pod["metadata"]["name"]
        silent_s = flight.pulse.silent_s(name, self._driver_s())
        return silence(name, silent_s) if silent_s >= self._patience.heartbeat_s else None

    def _tell_once(self, flight: Flight, holdup: Holdup, indexes: Iterable[int | None]) -> None:
        if holdup.key in flight.told:
            return
        flight.told.add(holdup.key)
        wanted = [index for index in indexes if index is not None]
        task_ids = flight.tasks_of(wanted) if wanted else list(flight.mine)
        if task_ids:
            place = f" on pool {flight.pool}" if flight.pool else ""
            reason = f"{flight.name}{place}: {holdup.words}"
            self._tell(Held(task_ids=tuple(task_ids), reason=reason))
