"""A serving worker's line to its driver, out of reach of what tasks print or read."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from yule_runner.messages import Command, Reply, decode_command, encode

__all__ = ["Link"]

_STDIN, _STDOUT, _STDERR = 0, 1, 2


class Link:
    """Takes standard input and output for the protocol; tasks get an empty input and a log file."""

    def __init__(self) -> None:
        # dup() gives descriptors that child processes do not inherit.
        self.commands_fd = os.dup(_STDIN)
        self._replies_fd = os.dup(_STDOUT)
        empty = os.open(os.devnull, os.O_RDONLY)
        os.dup2(empty, _STDIN)
        os.close(empty)
        os.dup2(_STDERR, _STDOUT)
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(line_buffering=True)  # a killed worker's last words count
        self._log: Path | None = None

    def commands(self) -> Iterator[Command]:
        """Yield the driver's commands as they come; end when it closes the line."""
        with os.fdopen(self.commands_fd, "rb", closefd=False) as lines:
            for line in lines:
                yield decode_command(line)

    def send(self, reply: Reply) -> None:
        """Send one reply."""
        data = encode(reply)
        while data:
            data = data[os.write(self._replies_fd, data) :]

    def log_to(self, path: Path) -> None:
        """Send what this process and its children print to a file, at its end, from now on."""
        if path == self._log:
            return
        sys.stdout.flush()
        sys.stderr.flush()
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, _STDOUT)
        os.dup2(file, _STDERR)
        os.close(file)
        self._log = path
