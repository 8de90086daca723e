"""One worker process, seen from the driver."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from yule_runner.local.batch import Chunk
from yule_runner.messages import Command, Reply, Stop, decode_reply, encode

__all__ = ["WorkerProcess"]

_READ_BYTES = 1 << 16


class WorkerProcess:
    """A spawned `python -m yule_runner work --serve`, in a session of its own.

    Its own session keeps the terminal's Ctrl-C away from it, and lets it be killed together with
    whatever its tasks have started.

    Attributes:
        name: short and unique within the executor.
        is_ready: it has said that it is up.
        chunk: what it was told to run; None when it is idle.
        killed_here: this executor has signalled it.
        peak_gib: once it has exited, the most memory that it had used in its last task; or what
            the driver had used when it started the process, if that is more.
    """

    def __init__(self, name: str, *, log: Path) -> None:
        self.name = name
        self.is_ready = False
        self.killed_here = False
        self.peak_gib: float | None = None
        self.chunk: Chunk | None = None
        self.log = log
        self._partial = b""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "yule_runner", "work", "--serve"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=0,
                start_new_session=True,
            )
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        self._commands = self._process.stdin
        self._replies = self._process.stdout
        os.set_blocking(self._replies.fileno(), False)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the worker says something, or dies."""
        return self._replies.fileno()

    def send(self, command: Command) -> None:
        """Send a command; a dead worker's broken pipe is noticed when reading, not here."""
        with suppress(BrokenPipeError):
            self._commands.write(encode(command))

    @property
    def has_exited(self) -> bool:
        """Whether the process is over; its last replies may still wait to be read.

        The end of the replies does not tell: what a task has forked may keep the pipe open.
        """
        if self._process.returncode is None:
            # As poll() does, which throws the usage away.
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                self.peak_gib = usage.ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)
        return self._process.returncode is not None

    def receive(self) -> list[Reply]:
        """Return the replies that have arrived, without waiting for more."""
        with suppress(BlockingIOError):
            while data := os.read(self.fileno(), _READ_BYTES):
                self._partial += data
        *lines, self._partial = self._partial.split(b"\n")
        return [decode_reply(line) for line in lines]

    def end(self, *, now: bool) -> None:
        """Ask the process to drop what it does, by SIGTERM; `now` kills it and its children."""
        self.killed_here = True
        with suppress(ProcessLookupError):
            if now:
                os.killpg(self.pid, signal.SIGKILL)
            elif not self.has_exited:
                os.kill(self.pid, signal.SIGTERM)

    def bury(self) -> int:
        """Kill what the tasks of an exited worker have left running; return its exit code."""
        self._close()
        return self._process.wait()

    def stop(self) -> None:
        """Tell an idle worker to end."""
        self.send(Stop())

    def reap(self, deadline: float) -> None:
        """Wait until `deadline` (of time.monotonic) for the process to end, then kill it."""
        try:
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.end(now=True)
            self._process.wait()
        self._close()

    def _close(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # what the worker's tasks have left behind
        for pipe in (self._commands, self._replies):
            with suppress(OSError):
                pipe.close()
