"""How a worker ends: by SIGTERM, or because its driver is gone."""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["TERMINATED", "die_with_driver", "end_after_sigterm", "interrupt_on_sigterm"]

TERMINATED = 143

_PR_SET_PDEATHSIG = 1  # prctl(2)


@contextmanager
def interrupt_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into KeyboardInterrupt, which ends a task and drops what it was writing."""

    def interrupt(_signum: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


@contextmanager
def end_after_sigterm(seconds: float) -> Iterator[None]:
    """End the process with 143 so long after SIGTERM, if the block has not ended by itself.

    A thread learns of the signal from the interpreter's wakeup descriptor: compiled code that runs
    in the main thread keeps Python's own handlers waiting.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    over = threading.Event()

    def watch() -> None:
        while data := os.read(reader, 64):
            if signal.SIGTERM in data:
                if not over.wait(seconds):
                    os._exit(TERMINATED)
                return

    previous = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    thread = threading.Thread(target=watch, name="sigterm-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(previous)
        os.close(writer)
        thread.join()
        os.close(reader)


def die_with_driver(commands_fd: int) -> None:
    """End this process, even in the middle of a task, as soon as its driver is gone.

    A thread waits for the far end of the command pipe to close. On Linux the kernel also kills the
    process when the thread that started it ends, in case a task holds the interpreter's lock.
    What is being written is lost, and nothing half-written stays: stored results appear whole.
    """
    threading.Thread(target=_watch, args=(commands_fd,), name="driver-watch", daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(commands_fd: int) -> None:
    poller = select.poll()
    poller.register(commands_fd, 0)  # nothing but POLLHUP, which cannot be left out
    poller.poll()
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)  # with the processes that tasks have started
    os._exit(1)
