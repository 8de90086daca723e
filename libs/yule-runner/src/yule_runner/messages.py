"""What drivers and workers say to each other: a JSON object per line.

A serving worker is told and tells over two pipes; one in a pod tells the same in a file of its
store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from gokart_store import TaskRecord

from yule_runner.failure import Failure, FailureKind
from yule_runner.order import OrderFile

__all__ = [
    "ChunkEnded",
    "Command",
    "OrderRefused",
    "Reply",
    "RunChunk",
    "Stop",
    "TaskBegan",
    "TaskEnded",
    "TaskFound",
    "TaskMissed",
    "TaskWaits",
    "WorkerReady",
    "decode_command",
    "decode_reply",
    "encode",
]


@dataclass(frozen=True, kw_only=True)
class RunChunk:
    """To the worker: run these tasks of this order, one after the other."""

    order: OrderFile
    task_ids: tuple[str, ...]
    log: Path


@dataclass(frozen=True, kw_only=True)
class Stop:
    """To the worker: end."""


@dataclass(frozen=True, kw_only=True)
class WorkerReady:
    """To the driver: the worker is up."""


@dataclass(frozen=True, kw_only=True)
class OrderRefused:
    """To the driver: the order cannot be carried out, and no task of it was touched."""

    failure: Failure


@dataclass(frozen=True, kw_only=True)
class TaskBegan:
    """To the driver: a task starts now."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class TaskWaits:
    """To the driver: another run computes the task; the worker waits for it."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class TaskFound:
    """To the driver: another run has stored the task's result meanwhile."""

    task_id: str


@dataclass(frozen=True, kw_only=True)
class TaskEnded:
    """To the driver: the task's result is stored."""

    record: TaskRecord


@dataclass(frozen=True, kw_only=True)
class TaskMissed:
    """To the driver: the task ended without a result."""

    task_id: str
    failure: Failure


@dataclass(frozen=True, kw_only=True)
class ChunkEnded:
    """To the driver: the chunk is through, the worker waits for the next command."""


Command = RunChunk | Stop
Reply = (
    WorkerReady
    | OrderRefused
    | TaskBegan
    | TaskWaits
    | TaskFound
    | TaskEnded
    | TaskMissed
    | ChunkEnded
)

_COMMANDS: dict[str, Callable[..., Command]] = {kind.__name__: kind for kind in get_args(Command)}
_REPLIES: dict[str, Callable[..., Reply]] = {kind.__name__: kind for kind in get_args(Reply)}


def encode(message: Command | Reply) -> bytes:
    """Return a message as one line of JSON, with its line feed."""
    document = {"type": type(message).__name__, **asdict(message)}
    return json.dumps(document, default=str).encode() + b"\n"


def decode_command(line: bytes) -> Command:
    """Return the command that `encode` made this line from."""
    kind, fields = _split(line)
    if kind == "RunChunk":
        order = fields["order"]
        return RunChunk(
            order=OrderFile(path=Path(order["path"]), sha256=order["sha256"]),
            task_ids=tuple(fields["task_ids"]),
            log=Path(fields["log"]),
        )
    return _COMMANDS[kind](**fields)


def decode_reply(line: bytes) -> Reply:
    """Return the reply that `encode` made this line from."""
    kind, fields = _split(line)
    if kind == "TaskEnded":
        return TaskEnded(record=TaskRecord(**fields["record"]))
    if "failure" in fields:
        failure = fields["failure"]
        fields = {**fields, "failure": Failure(**{**failure, "kind": FailureKind(failure["kind"])})}
    return _REPLIES[kind](**fields)


def _split(line: bytes) -> tuple[str, Mapping[str, Any]]:
    fields = json.loads(line)
    return fields.pop("type"), fields
