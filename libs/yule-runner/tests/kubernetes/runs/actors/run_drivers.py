"""Drivers in threads of the test, which can be killed and interrupted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yule_runner import Event, GraphSource, RunResult, run_graph
from yule_runner.kubernetes import KubernetesExecutor

__all__ = ["Driver", "Killed"]


class Driver:
    """One run of a graph, and what it said."""

    def __init__(
        self,
        runs: Any,
        source: GraphSource,
        executor: KubernetesExecutor,
        *,
        retries: int,
        orders: Path,
        patience_s: float,
    ) -> None:
        self.runs, self.source, self.executor, self.retries = runs, source, executor, retries
        self._orders, self._patience_s = orders, patience_s
        self.events: list[Event] = []
        self.result: RunResult | None = None
        self.error: BaseException | None = None
        self._dies = threading.Event()
        self._is_interrupted = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            with self.executor:
                self.result = run_graph(
                    self.source,
                    executor=_Mortal(self.executor, self._dies, self._is_interrupted),
                    orders=self._orders,
                    on_event=self.events.append,
                    retries=self.retries,
                )
        except BaseException as error:
            self.error = error

    def die(self) -> None:
        """End the driver as a kill does: it decides and sends nothing more."""
        self._dies.set()
        self.thread.join(self._patience_s)
        assert isinstance(self.error, Killed), self.error

    def stop(self) -> None:
        """Kill the driver, unless it has come to its end."""
        self._dies.set()
        self.thread.join(self._patience_s)

    def interrupt(self) -> BaseException:
        """End the driver as an error in it does: it cancels what it has in flight."""
        self._is_interrupted.set()
        self.thread.join(self._patience_s)
        assert self.error is not None
        return self.error

    def wait(self) -> RunResult:
        """Wait for success."""
        self.thread.join(self._patience_s)
        if self.error is not None:
            raise self.error
        assert self.result is not None, self.events
        return self.result

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for event in list(self.events) if isinstance(event, kind)]


class Killed(BaseException):
    """What stands for SIGKILL in a thread."""


class _Mortal:
    """Passes everything on, until the driver is killed."""

    def __init__(
        self, executor: KubernetesExecutor, dies: threading.Event, is_interrupted: threading.Event
    ) -> None:
        self._executor, self._dies, self._is_interrupted = executor, dies, is_interrupted

    def observe(self, timeout_s: float) -> Sequence[Any]:
        if self._dies.is_set():
            raise Killed
        if self._is_interrupted.is_set():
            self._is_interrupted.clear()
            raise InterruptedError
        return self._executor.observe(timeout_s)

    def cancel(self, handle: Any, *, now: bool = False) -> None:
        if not self._dies.is_set():
            self._executor.cancel(handle, now=now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)
