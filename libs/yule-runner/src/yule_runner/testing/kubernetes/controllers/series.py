"""Events as the scheduler writes them: what repeats within minutes becomes a series.

After client-go tools/events/event_broadcaster.go.
"""

from __future__ import annotations

import json
import random
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import micro_text
from yule_runner.testing.kubernetes.controllers.recorder import reference
from yule_runner.testing.kubernetes.resources import BY_KIND
from yule_runner.testing.kubernetes.status import ApiError

__all__ = ["SeriesRecorder"]

Json = dict[str, Any]

_EVENT = BY_KIND["Event"]
_FORGOTTEN_S = 360.0
_MERGE = "application/merge-patch+json"


class SeriesRecorder:
    """Writes the events of one component.

    Args:
        operations: the API.
        component: who reports.
    """

    def __init__(self, operations: Operations, component: str) -> None:
        self._api, self._component = operations, component
        self._random = random.Random(component)  # noqa: S311 - names, not secrets
        self._known: dict[str, tuple[float, str]] = {}

    def record(
        self,
        about: Json,
        *,
        kind: str,
        reason: str,
        action: str,
        message: str,
        related: Json | None = None,
    ) -> None:
        """Write an event, or make the one that says the same of the same a series.

        Args:
            about: the object; its reference carries its present version.
            kind: `Normal` or `Warning`.
            reason: CamelCase word.
            action: what was tried.
            message: sentence for a person.
            related: another object that it has to do with.
        """
        now_s, namespace = self._api.clock.now_s, about["metadata"]["namespace"]
        fields: Json = {
            "involvedObject": reference(about),
            "type": kind,
            "reason": reason,
            "action": action,
            "reportingComponent": self._component,
        } | ({"related": reference(related)} if related else {})
        key = json.dumps(fields, sort_keys=True)
        last_s, name = self._known.get(key, (float("-inf"), ""))
        if now_s - last_s < _FORGOTTEN_S:
            self._known[key] = now_s, name
            self._repeat(namespace, name, now_s)
            return
        name = f"{about['metadata']['name']}.{self._random.getrandbits(64):016x}"
        self._known[key] = now_s, name
        body = {
            "metadata": {"name": name, "namespace": namespace},
            "message": message,
            "eventTime": micro_text(now_s),
            "firstTimestamp": None,
            "lastTimestamp": None,
            "reportingInstance": f"{self._component}-simulated",
            "source": {},
        }
        self._api.create(_EVENT, namespace, body | fields)

    def _repeat(self, namespace: str, name: str, now_s: float) -> None:
        """Note the second time; later ones are only written after half an hour."""
        event = self._api.store.get(_EVENT, namespace, name)
        if event is None or "series" in event:
            return
        series = {"count": 2, "lastObservedTime": micro_text(now_s)}
        try:
            self._api.patch(_EVENT, namespace, name, {"series": series}, _MERGE)
        except ApiError as error:
            if error.code != 404:
                raise
