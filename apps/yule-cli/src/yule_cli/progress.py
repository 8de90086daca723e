"""Shows how a run gets on: a line that moves on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from yule_cli.stages import stage_of

if TYPE_CHECKING:
    from yule_runner import Event

__all__ = ["RunProgress"]

_QUIET_INTERVAL_S = 10.0


class RunProgress:
    """A listener of the runner's events.

    Args:
        console: Where to draw; stderr, so that stdout stays free for results.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[running]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("Computing", total=None, running="")
        self._running: dict[str, str] = {}
        self._done = 0
        self._total = 0
        self._said_at = time.monotonic()
        self._awaited: set[str] = set()

    def __enter__(self) -> RunProgress:
        """Start drawing."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self._bar.stop()

    def say(self, text: str) -> None:
        """Print one line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        from yule_runner import (
            MemoryExceeded,
            RunInterrupting,
            RunPlanned,
            RunWarned,
            TaskFailed,
            TaskFinished,
            TaskReused,
            TasksHeld,
            TaskStarted,
            TaskWaiting,
            UpstreamRepaired,
        )

        match event:
            case RunPlanned():
                self._total = event.total - event.reused
                self.say(f"{self._total} tasks to compute, {event.reused} in the cache.")
            case TaskStarted():
                self._running[event.task_id] = stage_of(event.name)
            case TaskWaiting():
                self._wait(event.task_id, stage_of(event.name))
            case TasksHeld():
                self.say(f"{len(event.task_ids)} {stage_of(event.name)} wait: {event.reason}")
            case TaskReused():
                self._running.pop(event.task_id, None)
                self._done += 1
            case TaskFinished():
                self._running.pop(event.record.task_id, None)
                self._done += 1
            case TaskFailed():
                self._running.pop(event.failure.task_id, None)
                again = "; it is tried again" if event.will_retry else ""
                cause = event.failure.failure.cause
                self.say(f"{event.failure.name} failed{again}: {cause}")
            case UpstreamRepaired():
                self._total += len(event.upstream)
                cause = event.failure.failure.cause.partition(": ")[2]
                self.say(f"{len(event.upstream)} damaged results are computed again. {cause}")
            case MemoryExceeded():
                self.say(
                    f"{event.name} used {event.peak_gib:.1f} GiB, but declares "
                    f"{event.declared_gib:.1f} GiB."
                )
            case RunWarned():
                self.say(event.words)
            case RunInterrupting():
                self.say("Stopping; what is stored stays. Press Ctrl-C again to stop at once.")
            case _:
                pass
        self._draw()

    def _wait(self, task_id: str, stage: str) -> None:
        self._running[task_id] = f"{stage} (by another run)"
        if stage not in self._awaited:
            self._awaited.add(stage)
            self.say(f"Waiting for another run to finish {stage}; its results are used here too.")

    def _draw(self) -> None:
        running = ", ".join(
            f"{stage} x{count}" if count > 1 else stage
            for stage, count in sorted(Counter(self._running.values()).items())
        )
        self._bar.update(self._task, total=self._total, completed=self._done, running=running)
        now = time.monotonic()
        if not self._console.is_terminal and now - self._said_at >= _QUIET_INTERVAL_S:
            self._said_at = now
            now_running = f"; now {running}" if running else ""
            self.say(f"{self._done} of {self._total} tasks done{now_running}.")
