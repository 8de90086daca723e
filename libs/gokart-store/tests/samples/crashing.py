"""Stores one object again and again, each time in a process that is killed at another moment.

`python -m crashing KIND STORE`. First it is killed at every step that Python can see (each file
opened, folder made, name changed, server called), then at random times, which also fall into the
libraries' own writing. Prints, for each kill, whether the entry was there; fails if one was there
and not whole.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable

from gokart_store import run_task
from samples import Holder, plain

_RANDOM_KILLS = 15


def run_in_a_fork(task: Holder, prepare: Callable[[], None], delay_s: float | None = None) -> bool:
    """Return whether the process lived to its end."""
    process = os.fork()
    if process == 0:
        prepare()
        run_task(task)
        os._exit(0)
    if delay_s is not None:
        time.sleep(delay_s)
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit("The task failed.")
    return True


def die_at(step: int) -> Callable[[], None]:
    """Kill this process at the n-th thing that it does with files."""

    def prepare() -> None:
        left = step

        def hook(event: str, _: object) -> None:
            nonlocal left
            if event == "open" or event.startswith(("os.", "shutil.", "socket.connect")):
                left -= 1
                if left == -1:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)

    return prepare


def check(task: Holder) -> bool:
    """Return whether the entry is there; verify it, or else repair it and verify that."""
    there = task.entry.is_complete()
    if not there:
        run_task(task)
    expected = Holder(kind=task.kind, workspace_directory=task.workspace_directory + "-expected")
    if not expected.entry.is_complete():
        run_task(expected)
    if plain(task.result()) != plain(expected.result()):
        raise SystemExit("What was stored is not what was written.")
    task.entry.delete()
    return there


def main() -> None:
    kind, store = sys.argv[1:]
    task = Holder(kind=kind, workspace_directory=store)
    check(task)
    steps = []
    while not run_in_a_fork(task, die_at(len(steps))):
        steps.append(check(task))
    task.entry.delete()
    started = time.perf_counter()
    run_in_a_fork(task, lambda: None)
    duration_s = time.perf_counter() - started
    moments = random.Random(0)
    for _ in range(_RANDOM_KILLS):
        task.entry.delete()
        run_in_a_fork(task, lambda: None, moments.uniform(0, duration_s))
        check(task)
    print(json.dumps(steps))


if __name__ == "__main__":
    main()
