"""Fails when a task computes something else than its VERSION stands for (versions.toml)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from task_versions.code import read_code
from task_versions.compare import Difference, Kind, differences, updated
from task_versions.record import Record, read_record, write_record
from task_versions.tasks import Task, VersionUnreadableError, find_tasks

_ADVICE = """
A result stored under a task's VERSION is reused for ever. So, for each task above:
  - results can differ: raise VERSION in its class, then `python tools/check_versions.py --update`
  - results stay the same (a rename, a speed-up): say why, and it is recorded:
    `python tools/check_versions.py --accept TASK --why "..."`
  - new, removed or raised: `python tools/check_versions.py --update`"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, update or accept; return the exit status."""
    options = _parser().parse_args(arguments)
    if bool(options.accept) != bool(options.why):
        print("--accept TASK and --why TEXT go together.", file=sys.stderr)
        return 2
    path = options.root / "versions.toml"
    folders = [*options.root.glob("libs/*/src"), *options.root.glob("apps/**/src")]
    try:
        tasks = find_tasks(read_code(sorted(folders)))
    except VersionUnreadableError as error:
        print(error, file=sys.stderr)
        return 1
    record = read_record(path)
    if options.accept:
        names = [_full_name(name, tasks) for name in options.accept]
        unknown = [given for given, name in zip(options.accept, names, strict=True) if not name]
        if unknown:
            print(f"No single task ends in {unknown}. Known: {sorted(tasks)}.", file=sys.stderr)
            return 2
        record = updated(tasks, record, {name: options.why for name in names if name})
        write_record(path, record)
    elif options.update:
        record = updated(tasks, record, {})
        write_record(path, record)
    return _report(tasks, record)


def _report(tasks: dict[str, Task], record: Record) -> int:
    found = differences(tasks, record)
    if not found:
        print(f"All {len(tasks)} tasks compute what their VERSION stands for.")
        return 0
    for difference in found:
        print(_line(difference, tasks), file=sys.stderr)
    print(_ADVICE, file=sys.stderr)
    return 1


def _line(difference: Difference, tasks: dict[str, Task]) -> str:
    text = f"{difference.task} {difference.kind.value}"
    if difference.kind is Kind.REMOVED:
        return text
    text += f" ({tasks[difference.task].version})"
    if difference.kind is not Kind.CHANGED:
        return text
    changed = difference.definitions or ("something that it no longer uses",)
    return "\n".join([f"{text}; changed:", *(f"    {name}" for name in changed)])


def _full_name(given: str, tasks: dict[str, Task]) -> str | None:
    matches = [name for name in tasks if name == given or name.endswith(f".{given}")]
    return matches[0] if len(matches) == 1 else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_versions.py", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--update", action="store_true", help="record new and raised tasks")
    action.add_argument("--accept", metavar="TASK", action="append", help="results stay the same")
    parser.add_argument("--why", metavar="TEXT", help="why the results stay the same")
    return parser


if __name__ == "__main__":
    sys.exit(main())
