"""What the cluster's events are asked: why a Job has no pods, and why pods have no nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yule_runner.kubernetes.api import ClusterApi
from yule_runner.kubernetes.flight import Flight
from yule_runner.kubernetes.holdup_clock import HoldupClock, Overdue
from yule_runner.kubernetes.patience import Patience
from yule_runner.kubernetes.printing import printable
from yule_runner.kubernetes.reading import is_deleted, is_unplaced, no_scale_up

__all__ = ["Enquiry"]

Json = dict[str, Any]


class Enquiry:
    """Asks seldom: nothing for as long as all is well.

    Args:
        api: the cluster.
        patience: how long to wait before asking.
        clock: gets the answers.
        now_s: the driver's clock.
    """

    def __init__(
        self,
        api: ClusterApi,
        patience: Patience,
        *,
        clock: HoldupClock,
        now_s: Callable[[], float],
    ) -> None:
        self._api, self._patience = api, patience
        self._clock, self._now_s = clock, now_s

    def about_missing_pods(self, flight: Flight) -> list[Overdue]:
        """Ask why a Job has no pods: a quota or an admission rule may refuse them."""
        now_s = self._now_s()
        if flight.pods_due_s is None:
            flight.pods_due_s = now_s + self._patience.pods_s
        if now_s < flight.pods_due_s:
            return []
        flight.pods_due_s = now_s + self._patience.pods_s
        refused = [
            event["message"]
            for event in self._api.events_of(flight.uid)
            if event.get("reason") == "FailedCreate"
        ]
        if not refused:
            return []
        words = f"the cluster refuses its pods: {printable(refused[-1])}"
        return self._clock.look_at_refusal(flight, words)

    def about_missing_nodes(self, flight: Flight, pods: list[Json]) -> None:
        """Ask, less and less often, why no node is added for a pod that waits for one."""
        pod = next((pod for pod in pods if is_unplaced(pod) and not is_deleted(pod)), None)
        if pod is None:
            flight.scaling_due_s = None
            return
        now_s = self._now_s()
        if flight.scaling_due_s is None:
            flight.scaling_pause_s = self._patience.pods_s
            flight.scaling_due_s = now_s + flight.scaling_pause_s
        if now_s >= flight.scaling_due_s:
            flight.scaling_pause_s *= 2
            flight.scaling_due_s = now_s + flight.scaling_pause_s
            if words := no_scale_up(self._api.events_of(pod["metadata"]["uid"])):
                self._clock.tell_no_scale_up(flight, words)
