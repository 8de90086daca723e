from __future__ import annotations

from pathlib import Path

import pytest
from gokart_store import TaskRecord
from yule_runner import Failure, FailureKind, OrderFile
from yule_runner.messages import (
    ChunkEnded,
    Command,
    Reply,
    RunChunk,
    Stop,
    TaskBegan,
    TaskEnded,
    TaskFound,
    TaskMissed,
    TaskWaits,
    WorkerReady,
    decode_command,
    decode_reply,
    encode,
)

RECORD = TaskRecord(
    task_id="a", name="m.Fit", seconds=0.5, peak_memory_gib=None, declared_memory_gib=1
)
LOST = Failure(kind=FailureKind.LOST, cause="killed\nhere", traceback="…")


@pytest.mark.parametrize(
    "command",
    [
        RunChunk(
            order=OrderFile(path=Path("/o.json"), sha256="f"), task_ids=("a",), log=Path("/log")
        ),
        Stop(),
    ],
)
def test_commands_come_back(command: Command) -> None:
    line = encode(command)
    assert line.count(b"\n") == 1
    assert decode_command(line) == command


@pytest.mark.parametrize(
    "reply",
    [
        WorkerReady(),
        TaskBegan(task_id="a"),
        TaskWaits(task_id="a"),
        TaskFound(task_id="a"),
        TaskEnded(record=RECORD),
        TaskMissed(task_id="a", failure=LOST),
        ChunkEnded(),
    ],
)
def test_replies_come_back(reply: Reply) -> None:
    line = encode(reply)
    assert line.count(b"\n") == 1
    assert decode_reply(line) == reply
