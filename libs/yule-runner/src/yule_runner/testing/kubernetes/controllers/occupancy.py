"""Who is on which node, and for whom others were told to go from there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from yule_runner.testing.kubernetes.controllers.placement import requested
from yule_runner.testing.kubernetes.storage.store import Change

__all__ = ["Occupancy"]

Json = dict[str, Any]
Amounts = dict[str, Decimal]

_ENDED = ("Failed", "Succeeded")


class Occupancy:
    """Follows the changes of pods, so that nobody has to look at all of them."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._bound: dict[str, dict[str, tuple[Json, Amounts]]] = {}
        self._nominated: dict[str, dict[str, tuple[Json, Amounts]]] = {}

    def observe(self, change: Change) -> None:
        """Take note of a change of a pod."""
        pod, uid = change.object, change.object["metadata"]["uid"]
        place = self._places.pop(uid, "")
        self._bound.get(place, {}).pop(uid, None)
        self._nominated.get(place, {}).pop(uid, None)
        if change.type == "DELETED" or pod["status"].get("phase") in _ENDED:
            return
        bound, nominated = pod["spec"].get("nodeName"), pod["status"].get("nominatedNodeName")
        if node := bound or nominated:
            self._places[uid] = node
            held = self._bound if bound else self._nominated
            held.setdefault(node, {})[uid] = pod, requested(pod)

    def pods(self, node: str) -> list[Json]:
        """Return the pods on a node that have not ended."""
        return [pod for pod, _ in self._bound.get(node, {}).values()]

    def reserved(self, node: str, pod: Json) -> list[Amounts]:
        """Return what a node's pods take, and those to come to whom this one must yield."""
        uid, priority = pod["metadata"]["uid"], pod["spec"].get("priority") or 0
        return [
            *(amounts for _, amounts in self._bound.get(node, {}).values()),
            *(
                amounts
                for other, amounts in self._nominated.get(node, {}).values()
                if other["metadata"]["uid"] != uid
                and (other["spec"].get("priority") or 0) >= priority
            ),
        ]
