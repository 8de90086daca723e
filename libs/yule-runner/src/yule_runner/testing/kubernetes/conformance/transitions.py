"""Transitions without what differs from run to run: random names, uids, versions and times."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

__all__ = ["normalised", "transitions"]

Json = dict[str, Any]

_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_GENERATED = re.compile(r"\b((?:j|v\d)-\d+|dry)-[a-z0-9]{5}\b")
_SCHEDULER = re.compile(r"default-scheduler-\w+")
# The API server prints the whole pod template, in the form that Go has it inside.
_GO_STRUCT = re.compile(r"Invalid value: \{.*?\}: field is immutable")
_CURRENT = re.compile(r"current: \d+")
_DROPPED = ("managedFields", "resourceVersion", "continue", "storageVersionHash")


def transitions(changes: list[Json]) -> dict[tuple[str, str], list[str]]:
    """Group what watches saw by object: kind and name to the texts of its states, in order.

    Events are grouped by what they are about; there, only the set of them is compared.
    """
    named: dict[str, list[str]] = {}
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change in changes:
        if change["type"] == "BOOKMARK":
            continue
        body, kind = change["object"], change["watch"]
        about = body["involvedObject"] if kind == "events" else body["metadata"]
        if kind == "events":
            body = body | {"metadata": {}}
        text = normalised({"type": change["type"], "object": body})
        name = about["name"]
        if _GENERATED.fullmatch(name):
            attempts = named.setdefault(name[:-5], [])
            if name not in attempts:
                attempts.append(name)
            name = f"{name[:-5]}#{attempts.index(name)}"
        grouped[kind, name].append(text)
    return {key: sorted(texts) if key[0] == "events" else texts for key, texts in grouped.items()}


def normalised(value: Any) -> str:
    """Write a value as text, with what is random or a time replaced."""
    text = value if isinstance(value, str) else json.dumps(_without(value), sort_keys=True)
    text = _GO_STRUCT.sub("Invalid value: {}: field is immutable", text)
    text = _CURRENT.sub("current: N", text)
    text = _SCHEDULER.sub("default-scheduler", text)
    text = _GENERATED.sub(r"\1-#", text)
    return _TIME.sub("TIME", _UID.sub("UID", text))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(each) for key, each in value.items() if key not in _DROPPED}
    if isinstance(value, list):
        return [_without(each) for each in value]
    return value
