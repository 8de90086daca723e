"""Events as the scheduler writes them: what repeats within minutes becomes a series.

After client-go tools/events/event_broadcaster.go.
"""

from __future__ import annotations

import json
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import micro_text
from yule_runner.testing.kubernetes.controllers.event_writer import EventWriter, reference

__all__ = ["SeriesRecorder"]

Json = dict[str, Any]

_FORGOTTEN_S = 360.0


class SeriesRecorder:
    """Writes the events of one component.

    Args:
        operations: the API.
        component: who reports.
    """

    def __init__(self, operations: Operations, component: str) -> None:
        self._api, self._component = operations, component
        self._writer = EventWriter(operations, component)
        self._known: dict[str, tuple[float, Json]] = {}

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
        now_s = self._api.clock.now_s
        said: Json = {
            "involvedObject": reference(about),
            "type": kind,
            "reason": reason,
            "action": action,
        } | ({"related": reference(related)} if related else {})
        key = json.dumps(said, sort_keys=True)
        last_s, event = self._known.get(key, (float("-inf"), None))
        if event is not None and now_s - last_s < _FORGOTTEN_S:
            self._known[key] = now_s, self._repeated(event, now_s)
            return
        fields: Json = {
            "message": message,
            "eventTime": micro_text(now_s),
            "firstTimestamp": None,
            "lastTimestamp": None,
            "reportingInstance": f"{self._component}-simulated",
            "source": {},
        }
        self._known[key] = now_s, self._writer.create(about, fields | said)

    def _repeated(self, event: Json, now_s: float) -> Json:
        """Note the second time; later ones are only written after half an hour."""
        if "series" in event:
            return event
        series = {"count": 2, "lastObservedTime": micro_text(now_s)}
        return self._writer.change(event, {"series": series}) or event
