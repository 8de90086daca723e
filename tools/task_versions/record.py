"""versions.toml: the computation that each task's VERSION stands for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Record", "RecordedTask", "read_record", "write_record"]

_HEADER = """\
# What each task computed when its VERSION was last raised: hashes of syntax trees.
# Written by tools/check_versions.py, never by hand; see CONTRIBUTING.md.
"""


@dataclass(frozen=True, kw_only=True)
class RecordedTask:
    """A task as it was recorded; `why` says why a changed hash needed no new VERSION."""

    version: int
    hash: str
    why: str | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """The file's content; `definitions` holds the hash of all that some task reaches."""

    tasks: Mapping[str, RecordedTask] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)


def read_record(path: Path) -> Record:
    """Read the file; an absent one is an empty record."""
    if not path.exists():
        return Record()
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    tasks = {name: RecordedTask(**entry) for name, entry in content.get("tasks", {}).items()}
    return Record(tasks=tasks, definitions=content.get("definitions", {}))


def write_record(path: Path, record: Record) -> None:
    """Write the file, sorted, so that a change shows as few lines."""
    lines = [_HEADER]
    for name, task in sorted(record.tasks.items()):
        lines += [f"[tasks.{json.dumps(name)}]", f"version = {task.version}"]
        lines += [f'hash = "{task.hash}"']
        lines += [f"why = {json.dumps(task.why, ensure_ascii=False)}"] if task.why else []
        lines += [""]
    lines += ["[definitions]"]
    lines += [
        f'{json.dumps(name)} = "{hash_}"' for name, hash_ in sorted(record.definitions.items())
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
