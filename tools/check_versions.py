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
        found = [one.task for one in differences(tasks, record) if one.kind is Kind.CHANGED]
        names = _matching(options.accept, found)
        if not names:
            changed = ", ".join(found) or "none"
            print(f"No one changed task is {options.accept}; changed: {changed}.", file=sys.stderr)
            return 2
        record = updated(tasks, record, dict.fromkeys(names, options.why))
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


def _matching(given: str, tasks: list[str]) -> list[str]:
    if given == "all":
        return tasks
    matches = [name for name in tasks if name == given or name.endswith(f".{given}")]
    return matches if len(matches) == 1 else []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check_versions.py", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--update", action="store_true", help="record new and raised tasks")
    action.add_argument("--accept", metavar="TASK", help="its results stay the same; or: all")
    parser.add_argument("--why", metavar="TEXT", help="why the results stay the same")
    return parser


if __name__ == "__main__":
    sys.exit(main())
