"""Search a case for leaks, and compute nothing else: `python -m reference.find_leaks CASE`.

Prints one line of JSON: by target what `yule_models.find_leaks` returns.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gokart_store import run_task
from yule_cli.config import load_case
from yule_cli.preparation import prepare
from yule_runner import collect


def main(case: str) -> None:
    """Run the search and what it reads, in order."""
    leaks = prepare(*load_case(Path(case))).graph.leaks
    for task in collect([leaks]).tasks.values():
        if not task.complete():
            run_task(task)
    print(json.dumps(leaks.result()["targets"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
