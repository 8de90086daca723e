"""Fields that Go writes even where nobody set them."""

from __future__ import annotations

from typing import Any

from yule_runner.testing.kubernetes.resources import Resource

__all__ = ["spell_out_event", "spell_out_status"]

Json = dict[str, Any]

_EVENT: Json = {
    "eventTime": None,
    "firstTimestamp": None,
    "lastTimestamp": None,
    "source": {},
    "reportingComponent": "",
    "reportingInstance": "",
}
_POD_CONDITION: Json = {"lastProbeTime": None, "lastTransitionTime": None}
_CONTAINER_STATUS: Json = {
    "image": "",
    "imageID": "",
    "lastState": {},
    "ready": False,
    "restartCount": 0,
    "state": {},
}


def spell_out_event(event: Json) -> Json:
    """Return an Event with the fields that are never left out."""
    return _EVENT | event


def spell_out_status(resource: Resource, body: Json) -> Json:
    """Return the status of an object with the fields that are never left out."""
    status: Json = body.get("status", {})
    if resource.kind != "Pod":
        return status
    status = dict(status)
    if "conditions" in status:
        status["conditions"] = [_POD_CONDITION | each for each in status["conditions"]]
    for field in ("containerStatuses", "initContainerStatuses"):
        if field in status:
            status[field] = [_CONTAINER_STATUS | each for each in status[field]]
    return status
