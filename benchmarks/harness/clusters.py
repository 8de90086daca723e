"""Simulated clusters in processes of their own, which answer questions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

__all__ = ["Ask", "cluster"]


class Ask:
    """Asks a cluster; what, its module says."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions, self._answers = questions, answers

    def __call__(self, **question: Any) -> dict[str, Any]:
        """Return the answer to a question."""
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        answer: dict[str, Any] = json.loads(self._answers.readline())
        return answer


@contextmanager
def cluster(module: str, *arguments: str) -> Iterator[Ask]:
    """Run a module of `reference` that serves a cluster until its input ends."""
    command = [sys.executable, "-P", "-m", f"reference.{module}", *arguments]
    pipe = subprocess.PIPE
    paths = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    variables = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=variables) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield Ask(process.stdin, process.stdout)
        finally:
            process.stdin.close()
