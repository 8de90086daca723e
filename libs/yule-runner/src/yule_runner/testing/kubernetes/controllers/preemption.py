"""Which pods make room for one of higher priority (pkg/scheduler/framework/preemption)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.controllers.placement import Refusal, refusal_of, requested

__all__ = ["Candidate", "Refused", "best_candidate", "explained", "priority_of"]

Json = dict[str, Any]
Refused = tuple[Json, Refusal, list[Json]]

_HELPLESS = "Preemption is not helpful for scheduling"
_NO_VICTIMS = "No preemption victims found for incoming pod"


@dataclass(frozen=True)
class Candidate:
    """A node, and the pods that have to go from there."""

    node: str
    victims: tuple[Json, ...]

    @property
    def cost(self) -> tuple[Any, ...]:
        """What is compared first to last: fewer and less important victims, started later."""
        priorities = [priority_of(each) for each in self.victims]
        earliest_s = min(_started_s(each) for each in self.victims)
        return max(priorities), sum(priorities), len(priorities), -earliest_s


def best_candidate(pod: Json, refusals: Sequence[Refused]) -> tuple[Candidate | None, str]:
    """Choose whom a pod that fits nowhere is to replace.

    Args:
        pod: the pod.
        refusals: for each node, why it refuses the pod, and the pods that are on it.

    Returns:
        The choice, or None; and then why nobody is replaced, in the scheduler's words.
    """
    if pod["spec"].get("preemptionPolicy") == "Never":
        return None, "not eligible due to preemptionPolicy=Never."
    if _waits_for_victims(pod, refusals):
        return None, "not eligible due to terminating pod on the nominated node."
    found, whys = [], Counter[str]()
    for node, refusal, running in refusals:
        if refusal.is_final:
            whys[_HELPLESS] += 1
            continue
        victims, reasons = _victims(pod, node, running)
        whys.update(reasons)
        if victims:
            found.append(Candidate(node["metadata"]["name"], victims))
    return min(found, key=lambda each: each.cost, default=None), explained(whys, len(refusals))


def explained(whys: Counter[str], nodes: int) -> str:
    """Write how many nodes refuse for which reason."""
    listed = ", ".join(sorted(f"{count} {why}" for why, count in whys.items()))
    return f"0/{nodes} nodes are available: {listed}."


def _victims(
    pod: Json, node: Json, running: list[Json]
) -> tuple[tuple[Json, ...], tuple[str, ...]]:
    """Take all of lower priority away, and give back whom there is room for, the best first."""
    lower = [each for each in running if priority_of(each) < priority_of(pod)]
    if not lower:
        return (), (_NO_VICTIMS,)
    kept = [requested(each) for each in running if each not in lower]
    if (refusal := refusal_of(pod, node, kept)) is not None:
        return (), refusal.reasons
    victims = []
    for each in sorted(lower, key=lambda pod: (-priority_of(pod), _started_s(pod))):
        if refusal_of(pod, node, [*kept, requested(each)]) is None:
            kept.append(requested(each))
        else:
            victims.append(each)
    return tuple(victims), ()


def _waits_for_victims(pod: Json, refusals: Sequence[Refused]) -> bool:
    nominated = pod["status"].get("nominatedNodeName")
    return any(
        node["metadata"]["name"] == nominated
        and "deletionTimestamp" in each["metadata"]
        and priority_of(each) < priority_of(pod)
        for node, _, running in refusals
        for each in running
    )


def priority_of(pod: Json) -> int:
    """Return how important a pod is: the more, the higher."""
    return int(pod["spec"].get("priority") or 0)


def _started_s(pod: Json) -> float:
    return parse_time(pod["status"].get("startTime") or pod["metadata"]["creationTimestamp"])
