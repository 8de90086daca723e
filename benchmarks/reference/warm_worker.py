"""A process that does what pods are for, one after the other, and says what each took.

`python -P -m reference.warm_worker` reads a JSON object a line, `environment` and `command` of a
container, does that in this process, and answers with the exit code and the seconds of wall clock
and of CPU. Thus nothing of a pod is measured that is the start of its process.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import time

from yule_runner.commands import main

_WORDS = 4  # python -P -m yule_runner


def serve() -> None:
    """Work until the input ends."""
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    # While a task runs, SIGTERM ends it; in between there is nothing to end.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ.update(asked["environment"])
        started, cpu = time.perf_counter(), _cpu_s()
        code = main(asked["command"][_WORDS:])
        seconds = {"seconds": time.perf_counter() - started, "cpu_s": _cpu_s() - cpu}
        print(json.dumps({"code": code, **seconds}), file=replies)


def _cpu_s() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    serve()
