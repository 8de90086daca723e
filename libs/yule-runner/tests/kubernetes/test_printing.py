"""Words of pods and of the cluster never move a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gokart_store import FolderStore
from yule_runner.failure import Failure, FailureKind
from yule_runner.kubernetes import Patience
from yule_runner.kubernetes.causes import cause_of_end
from yule_runner.kubernetes.errors import refusal_of
from yule_runner.kubernetes.holdups import holdup_of
from yule_runner.kubernetes.journals import JournalReader
from yule_runner.kubernetes.overview import overview
from yule_runner.kubernetes.reading import PodEnd
from yule_runner.messages import TaskMissed, encode

Json = dict[str, Any]

EVIL = "\x1b]0;owned\x07\x1b[31m\r\u202eword"
TAME = "\\x1b]0;owned\\x07\\x1b[31m\\r\\u202eword"


def waiting(reason: str) -> Json:
    state = {"waiting": {"reason": reason, "message": EVIL}}
    status = {"containerStatuses": [{"name": "main", "image": "i", "state": state}]}
    return {"metadata": {"name": "p"}, "spec": {}, "status": status}


@pytest.mark.parametrize("reason", ["InvalidImageName", "ImagePullBackOff", "CreateContainerError"])
def test_what_a_container_waits_for(reason: str) -> None:
    holdup = holdup_of(waiting(reason), Patience())
    assert holdup is not None
    assert TAME in holdup.words


def test_what_the_scheduler_says() -> None:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    pod = {"metadata": {}, "status": {"conditions": [condition | {"message": EVIL}]}}
    holdup = holdup_of(pod, Patience())
    assert holdup is not None
    assert holdup.words.endswith(TAME)


def test_the_last_words_of_a_pod() -> None:
    end = PodEnd(exit_code=1, reason="Error", message=f"a {EVIL}\nb", is_disruption=False)
    said = cause_of_end("p", end, memory_gib=1)
    assert said.isprintable()
    assert TAME.replace("\\r", " ") in said


def test_what_an_api_server_refuses_with() -> None:
    body = json.dumps({"message": EVIL}).encode()
    assert str(refusal_of(422, body, asked="create jobs")).isprintable()


def test_the_message_of_a_failed_job() -> None:
    failed = {"type": "Failed", "status": "True", "message": EVIL}
    metadata = {"name": "j", "uid": "1", "creationTimestamp": ""}
    annotations = {"used-by.yule.dev/weekly": "true"}
    job = {
        "metadata": metadata | {"annotations": annotations},
        "spec": {},
        "status": {"conditions": [failed]},
    }
    (row,) = overview([job], [], run="weekly")
    assert row.message == TAME


def test_what_a_task_has_raised(tmp_path: Path) -> None:
    failure = Failure(kind=FailureKind.ERROR, cause=EVIL, traceback=f"one\n{EVIL}\n")
    journal = tmp_path / f"side/pods/j/1/0/p{chr(27)}/journal.jsonl"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(encode(TaskMissed(task_id="a", failure=failure)))

    (told,) = JournalReader(FolderStore(tmp_path), "j", "1").news()

    assert told.pod == "p\\x1b"
    assert isinstance(told.reply, TaskMissed)
    assert (told.reply.failure.cause, told.reply.failure.traceback) == (TAME, f"one\n{TAME}\n")
