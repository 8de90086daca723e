"""Stores an object, and waits for a line on stdin in the middle of it: `python -m waiting STORE`.

With `$TIMES` it stores the object that often, without waiting.
"""

import os
import sys
from collections.abc import Callable

from gokart_store import StoredTask
from samples import Busy, Waiting, say


def main() -> None:
    times = int(os.environ.get("TIMES", "0"))
    cls: Callable[..., StoredTask[object]] = Busy if times else Waiting
    task = cls(workspace_directory=sys.argv[1])
    for _ in range(times or 1):
        task.run()
        say("stored")


if __name__ == "__main__":
    main()
