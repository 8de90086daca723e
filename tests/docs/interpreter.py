"""A Python of its own for each document, in which block after block is run, as a reader would.

Run as a script it is that Python: it takes one JSON object per line, and answers each with one.
"""

import contextlib
import doctest
import io
import json
import subprocess
import sys
import traceback
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Interpreter:
    """A process that keeps a namespace from block to block."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, text: str, *, name: str, line: int) -> tuple[str, bool]:
        """Run a block; return what it printed, its traceback included, and whether it is well."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"text": text, "name": name, "line": line}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"The Python of {name} died at line {line}."
        found = json.loads(answer)
        return found["printed"], found["is_well"]

    def close(self) -> None:
        self._process.communicate()


def _serve() -> None:
    # What pytest does in this project: see filterwarnings in pyproject.toml.
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", r"\s*Autoloading range tasks", DeprecationWarning)
    warnings.filterwarnings("ignore", "Please install grpcio-status", ImportWarning)
    # SQLAlchemy, about what MLflow does when a store is opened.
    warnings.filterwarnings("ignore", "The ``noload`` loader strategy", DeprecationWarning)
    sys.path.insert(0, "")
    answers, sys.stdout = sys.stdout, sys.stderr
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for request in map(json.loads, sys.stdin):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            is_well = _run(namespace, **request)
        answers.write(json.dumps({"printed": printed.getvalue(), "is_well": is_well}) + "\n")
        answers.flush()


def _run(namespace: dict[str, Any], *, text: str, name: str, line: int) -> bool:
    if text.lstrip().startswith(">>>"):
        test = doctest.DocTestParser().get_doctest(text, namespace, name, name, line)
        test.globs = namespace
        options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        failed = doctest.DocTestRunner(optionflags=options).run(test, clear_globs=False).failed
        return failed == 0
    try:
        # Empty lines before it, so that a traceback names the document's own line.
        exec(compile("\n" * line + text, name, "exec"), namespace)  # noqa: S102
    except Exception:
        traceback.print_exc(file=sys.stdout)
        return False
    return True


if __name__ == "__main__":
    _serve()
