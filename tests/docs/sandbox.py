"""A folder in which one document is followed from its first block to its last."""

import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stand_ins
from documents import ROOT
from interpreter import Interpreter
from shop import write_shop

_LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".nox", ".yule", ".*_cache", ".hypothesis", "dist"
)
_PATIENCE_S = 500


@contextmanager
def on_one_core() -> Iterator[None]:
    """Start processes inside that have one core, as the test itself: one for each test process.

    A second worker takes longer to start than it saves in the small runs of documents.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    place = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(allowed)[place % len(allowed)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class Sandbox:
    """Files, a shell's working folder and a Python, as somebody has them who follows a document.

    Args:
        folder: An empty folder.
        start: What the reader has at the beginning: `nothing`, the `shop` of the end-to-end tests
            with its case.yaml, or a `checkout` of this repository.
    """

    def __init__(self, folder: Path, *, start: str) -> None:
        self.folder = self._working_folder = folder / "work"
        self._site = folder / "site"
        self._where = folder / "where"
        self._site.mkdir()
        sources = [self._site, self.folder]
        if start == "checkout":
            shutil.copytree(ROOT, self.folder, ignore=_LEFT_BEHIND)
            (self.folder / ".venv").symlink_to(sys.prefix)
            sources += sorted([*self.folder.glob("*/*/src"), *self.folder.glob("*/*/*/src")])
        else:
            self.folder.mkdir()
        if start == "shop":
            write_shop(self.folder, is_tracked=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        self.environment = kept | {
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]]),
            "PYTHONPATH": os.pathsep.join(map(str, sources)),
        }
        self._python: Interpreter | None = None

    def close(self) -> None:
        if self._python is not None:
            self._python.close()

    def write(self, name: str, text: str) -> None:
        path = (self._working_folder / name).resolve()
        assert path.is_relative_to(self.folder), f"{name} lies outside the reader's folder"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def apply(self, patch: str) -> None:
        """Change files as a diff says."""
        command = ["git", "apply", "--recount", "-"]
        done = subprocess.run(
            command, cwd=self.folder, input=patch, text=True, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def python(self, text: str, *, name: str, line: int) -> str:
        """Run a block in the document's Python, and return what it printed."""
        if self._python is None:
            self._python = Interpreter(self._working_folder, self.environment)
        printed, is_well = self._python.run(text, name=name, line=line)
        assert is_well, printed
        return printed

    def shell(self, command: str) -> tuple[str, int]:
        """Run a command, or what stands in for it; return what a terminal shows, and its code."""
        stand_in = stand_ins.of(
            shlex.split(command, comments=True), folder=self.folder, site=self._site
        )
        if stand_in is not None:
            command = stand_in
        script = f"{command}\ncode=$?; pwd > {shlex.quote(str(self._where))}; exit $code"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self._working_folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )
        if self._where.exists():
            self._working_folder = Path(self._where.read_text().strip())
        return done.stdout, done.returncode

    def serve(self, command: str) -> None:
        """Start a server, on a port that is free, and see that it answers."""
        with self._running(f"exec {command} --port {(port := _free_port())}") as process:
            url = f"http://127.0.0.1:{port}"
            while process.poll() is None:
                try:
                    with urllib.request.urlopen(url, timeout=60) as answer:
                        assert answer.status == 200
                        return
                except OSError:
                    continue
            raise AssertionError(f"{command} ended instead of answering: {process.returncode}")

    @contextmanager
    def _running(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            ["bash", "-c", command],
            cwd=self._working_folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # with what it has started
            process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
