"""Priorities of pods, from the classes that they name (plugin/pkg/admission/priority)."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.resources import BY_KIND, Resource
from yule_runner.testing.kubernetes.status import forbidden
from yule_runner.testing.kubernetes.storage.store import Store

__all__ = ["Priorities"]

Json = dict[str, Any]

_PREEMPTS = "PreemptLowerPriority"
_BUILT_IN: dict[str, Json] = {
    "system-cluster-critical": {"value": 2_000_000_000},
    "system-node-critical": {"value": 2_000_001_000},
}


class Priorities:
    """Gives new pods the priority of their class.

    Args:
        store: where classes lie.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def admit(self, resource: Resource, body: Json) -> None:
        """Set a pod's priority, in place.

        Raises:
            ApiError: 403, where there is no class of that name.
        """
        name = body["spec"].get("priorityClassName") if resource is BY_KIND["Pod"] else None
        if not name:
            return
        found = self._store.get(BY_KIND["PriorityClass"], "", name) or _BUILT_IN.get(name)
        if found is None:
            # Names are generated later.
            pod = body["metadata"].get("generateName") or body["metadata"]["name"]
            raise forbidden("", "pods", pod, f"no PriorityClass with name {name} was found")
        body["spec"]["priority"] = found["value"]
        body["spec"]["preemptionPolicy"] = found.get("preemptionPolicy", _PREEMPTS)
