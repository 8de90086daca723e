"""Child processes that can import the samples."""

import os
import subprocess
import sys
from pathlib import Path

Child = subprocess.Popen[str]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment, with the samples importable and more variables."""
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), inherited]))
    return {**os.environ, "PYTHONPATH": path, **variables}


def start(module: str, *arguments: str | Path, **variables: str) -> Child:
    """Start `python -m MODULE ARGUMENTS`."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        env=environment(**variables),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
