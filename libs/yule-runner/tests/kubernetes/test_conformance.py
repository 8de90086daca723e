"""The simulator against recordings of a real 1.36 control plane."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from yule_runner.testing.kubernetes.clock import parse_time
from yule_runner.testing.kubernetes.conformance import (
    Recording,
    Replayed,
    normalised,
    read_recording,
    replay,
    transitions,
)

Json = dict[str, Any]

TRACES = Path(__file__).parent / "traces"
SCENARIOS = sorted(path.stem for path in TRACES.glob("*.jsonl"))
# The recordings were made side by side, on one throttled controller.
BUSY = {
    # Both pods had ended before the Job was looked at again.
    "exit-1-backoff-exhausted": {1.0: 3.1},
    # The Job was deleted before it was looked at again; its orphans are released later.
    "delete-default": {1.5: 2.3},
}
# Job controller and garbage collector raced: one pod was released before it was deleted, the
# other after. The simulator always lets the Job controller win.
RACED = {"delete-background": ("pods", "j-1-#0")}
# The recorder stopped as soon as a Job had finished, and events come late.
EVENT_DELAY_S = 2


@pytest.fixture(scope="module")
def replays() -> dict[str, tuple[Recording, Replayed]]:
    return {}


@pytest.fixture(params=SCENARIOS)
def scenario(
    request: pytest.FixtureRequest, replays: dict[str, tuple[Recording, Replayed]]
) -> tuple[str, Recording, Replayed]:
    name = request.param
    if name not in replays:
        recording = read_recording(TRACES / f"{name}.jsonl")
        replays[name] = (recording, replay(recording, BUSY.get(name)))
    return name, *replays[name]


def test_objects_go_through_the_recorded_states(
    scenario: tuple[str, Recording, Replayed],
) -> None:
    name, recording, replayed = scenario
    real, simulated = transitions(recording.changes), transitions(replayed.changes)
    for key in RACED.get(name, ()) and [RACED[name]]:
        assert len(real[key]) == len(simulated[key])
        assert real.pop(key)[-1] == simulated.pop(key)[-1]

    assert _without_events(simulated) == _without_events(real)


def test_events_are_the_recorded_ones(scenario: tuple[str, Recording, Replayed]) -> None:
    _, recording, replayed = scenario
    real = _events(recording.changes)
    early = [
        change
        for change in replayed.changes
        if change["watch"] == "events"
        and change["type"] != "BOOKMARK"
        and _written_s(change["object"]) < recording.start_s + recording.end_s - EVENT_DELAY_S
    ]

    assert not real - _events(replayed.changes)
    assert not _events(early) - real


def test_requests_get_the_recorded_answers(scenario: tuple[str, Recording, Replayed]) -> None:
    name, recording, replayed = scenario
    asked = [step for step in recording.steps if "request" in step]
    assert len(replayed.answers) == len(asked)
    for step, (code, body) in zip(asked, replayed.answers, strict=True):
        assert code == step["status"], step["request"]
        if name == "discovery-and-auth":
            continue
        if "lines" in step:
            lines = [normalised(json.loads(line)) for line in step["lines"]]
            assert [normalised(line) for line in body[: len(lines)]] == lines
            continue
        assert normalised(body) == normalised(step["response"]), step["request"]


def test_bookmarks_come_about_once_a_minute() -> None:
    recording = read_recording(TRACES / "bookmarks.jsonl")
    replayed = replay(recording)
    seen = Counter(change["watch"] for change in replayed.changes if change["type"] == "BOOKMARK")

    # The recorded watch of events stopped early.
    for kind in ("jobs", "pods"):
        assert seen[kind] == recording.bookmarks[kind] == 3


def test_discovery_names_the_served_resources_as_a_real_server_does() -> None:
    recording = read_recording(TRACES / "discovery-and-auth.jsonl")
    replayed = replay(recording)
    asked = [step for step in recording.steps if "request" in step]
    compared = 0
    for step, (_, simulated) in zip(asked, replayed.answers, strict=True):
        real = step.get("response")
        match step["request"]["path"]:
            case "/api/v1" | "/apis/batch/v1":
                known = {each["name"]: _without_hash(each) for each in real["resources"]}
                assert simulated["resources"]
                for entry in simulated["resources"]:
                    assert entry == known[entry["name"]]
            case "/apis":
                groups = {group["name"]: group for group in real["groups"]}
                assert all(group == groups[group["name"]] for group in simulated["groups"])
            case "/version":
                assert (simulated["major"], simulated["minor"]) == (real["major"], real["minor"])
            case "pods" if step["request"].get("accept") == "Table":
                assert [_column(each) for each in simulated["columnDefinitions"]] == [
                    _column(each) for each in real["columnDefinitions"]
                ]
            case "/openapi/v3" | "/api" | "pods":
                continue
            case _:
                assert normalised(simulated) == normalised(real), step["request"]
        compared += 1
    assert compared >= 9


def _without_events(states: dict[tuple[str, str], list[str]]) -> dict[tuple[str, str], list[str]]:
    return {key: texts for key, texts in states.items() if key[0] != "events"}


def _events(changes: list[Json]) -> Counter[str]:
    events = transitions([change for change in changes if change["watch"] == "events"])
    return Counter(text for texts in events.values() for text in texts)


def _written_s(event: Json) -> float:
    return parse_time(event["lastTimestamp"] or event["eventTime"])


def _without_hash(entry: Json) -> Json:
    return {key: value for key, value in entry.items() if key != "storageVersionHash"}


def _column(definition: Json) -> Json:
    return {key: definition[key] for key in ("name", "type", "format", "priority")}
