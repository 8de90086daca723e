"""Events as controllers write them: repeated ones counted, similar ones combined.

After client-go tools/record/events_cache.go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yule_runner.testing.kubernetes.api.operations import Operations
from yule_runner.testing.kubernetes.clock import time_text
from yule_runner.testing.kubernetes.controllers.event_writer import EventWriter

__all__ = ["EventRecorder"]

Json = dict[str, Any]

_SIMILAR_LIMIT = 10
_SIMILAR_FOR_S = 600.0
_BURST = 25
_REFILL_S = 300.0


@dataclass
class _Similar:
    messages: set[str] = field(default_factory=set)
    last_s: float = 0.0


@dataclass
class _Tokens:
    left: float = _BURST
    last_s: float = 0.0


class EventRecorder:
    """Writes the events of one component.

    Args:
        operations: the API.
        component: who reports.
    """

    def __init__(self, operations: Operations, component: str) -> None:
        self._api, self._component = operations, component
        self._similar: dict[tuple[str, ...], _Similar] = {}
        self._written: dict[tuple[str, ...], Json] = {}
        self._tokens: dict[str, _Tokens] = {}
        self._writer = EventWriter(operations, component)

    def record(self, about: Json, kind: str, reason: str, message: str) -> None:
        """Write an event, count it onto an equal one, or drop it as spam.

        Args:
            about: the object; its reference carries its present version.
            kind: `Normal` or `Warning`.
            reason: CamelCase word.
            message: sentence for a person.
        """
        now_s, uid = self._api.clock.now_s, about["metadata"]["uid"]
        similar: tuple[str, ...] = (uid, kind, reason)
        key: tuple[str, ...] = (*similar, message)
        record = self._similar.setdefault(similar, _Similar())
        if now_s - record.last_s > _SIMILAR_FOR_S:
            record.messages = set()
        record.messages.add(message)
        record.last_s = now_s
        is_combined = len(record.messages) >= _SIMILAR_LIMIT
        if is_combined:
            record.messages.pop()
            message, key = f"(combined from similar events): {message}", similar
        if self._may_write(uid, now_s):
            self._write(about, kind, reason, message, key)

    def _write(
        self, about: Json, kind: str, reason: str, message: str, key: tuple[str, ...]
    ) -> None:
        now = time_text(self._api.clock.now_s)
        if (earlier := self._written.get(key)) is not None:
            again = {"count": earlier["count"] + 1, "lastTimestamp": now, "message": message}
            if (changed := self._writer.change(earlier, again)) is not None:
                self._written[key] = changed
                return
        fields = {
            "type": kind,
            "reason": reason,
            "message": message,
            "count": 1,
            "firstTimestamp": now,
            "lastTimestamp": now,
            "eventTime": None,
            "source": {"component": self._component},
            "reportingInstance": "",
        }
        self._written[key] = self._writer.create(about, fields)

    def _may_write(self, uid: str, now_s: float) -> bool:
        tokens = self._tokens.setdefault(uid, _Tokens(last_s=now_s))
        tokens.left = min(_BURST, tokens.left + (now_s - tokens.last_s) / _REFILL_S)
        tokens.last_s = now_s
        if tokens.left < 1:
            return False
        tokens.left -= 1
        return True
