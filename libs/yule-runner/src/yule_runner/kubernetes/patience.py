"""How long a driver waits for what, and how often it asks."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Patience"]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Times in seconds, all by the driver's own clock: those of a cluster may be off.

    Attributes:
        reconcile_s: mean time between two looks at the state, at least.
        saved_looks: looks that a pause saves up. With one of them the end of a pod is looked at at
            once, so that the next stage follows; everything else waits for `reconcile_s`.
        journal_s: shortest time between two looks at what pods have told in the store.
        watch_s: how long one watch lasts, at most.
        silence_s: after so long without a sign of life a watch is dead; bookmarks come once a
            minute.
        relist_s: after so long everything is listed anew, in case an event was lost.
        first_backoff_s: pause after the first refusal of an API server that cannot answer now;
            doubled with each further one.
        longest_backoff_s: longest such pause.
        image_s: how long an image may fail to be pulled.
        container_s: how long a container may fail to be created.
        unschedulable_s: how long a pod may find no node for one and the same reason, or a Job be
            refused its pods.
        pods_s: how long a Job may have no pods before its events are asked why, and then again.
        heartbeat_s: how long a pod that runs may give no sign of life before that is told.
        terminating_s: how long a pod may take to end beyond its grace period.
    """

    reconcile_s: float = 1.0
    saved_looks: int = 30
    journal_s: float = 5.0
    watch_s: float = 270.0
    silence_s: float = 100.0
    relist_s: float = 600.0
    first_backoff_s: float = 1.0
    longest_backoff_s: float = 60.0
    image_s: float = 300.0
    container_s: float = 120.0
    unschedulable_s: float = 1800.0
    pods_s: float = 20.0
    heartbeat_s: float = 120.0
    terminating_s: float = 600.0
