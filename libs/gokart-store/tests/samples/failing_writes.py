"""Stores an object of each format where the disk lets it not, and says what happened.

`python -m failing_writes STORE [LIMIT_BYTES]`. With a limit, no file may grow beyond it; it is
lifted in the end, and each object stored after all.
"""

import json
import resource
import sys

from gokart_store import StoreWriteError, run_task
from samples import OBJECTS, Holder


def main() -> None:
    store, *limit = sys.argv[1:]
    said = {}
    tasks = [Holder(kind=kind, workspace_directory=store) for kind in OBJECTS]
    no_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), no_limit[1]))
    for task in tasks:
        try:
            run_task(task)
        except StoreWriteError as error:
            said[task.kind] = str(error)
        if task.entry.is_complete():
            said[task.kind] = "stored"
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, no_limit)
        for task in tasks:
            run_task(task)
    print(json.dumps(said))


if __name__ == "__main__":
    main()
