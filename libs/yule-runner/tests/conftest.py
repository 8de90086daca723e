"""A second distribution with factories, and a bench that runs them in real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from yule_runner import Event, Executor, GraphSource, LocalExecutor, RunResult, run_graph

_DEMO = Path(__file__).parent / "demo" / "yule_runner_demo.py"
_FACTORIES = ("totals", "scripted", "not_tasks", "unsteady", "ends_the_process")
_PATIENCE_S = 120.0


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Install the demo distribution for this process and for those that it starts."""
    site = tmp_path_factory.mktemp("site")
    shutil.copy(_DEMO, site)
    info = site / "yule_runner_demo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: yule-runner-demo\nVersion: 1.0\n")
    lines = [f"demo-{name} = yule_runner_demo:{name}" for name in _FACTORIES]
    (info / "entry_points.txt").write_text("\n".join(["[yule_runner.factories]", *lines, ""]))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        inherited = os.environ.get("PYTHONPATH")
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(site), inherited])))
        yield site


@pytest.fixture(scope="session")
def workers(demo_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalExecutor]:
    """Two workers that all tests share which do not need others: a start takes a second."""
    logs = tmp_path_factory.mktemp("logs")
    with LocalExecutor(workers=2, cpu=4, memory_gib=8, logs=logs) as executor:
        yield executor


@dataclass
class Bench:
    """Runs graphs below one folder and keeps what they said."""

    folder: Path
    workers: LocalExecutor
    events: list[Event] = field(default_factory=list)

    @property
    def traces(self) -> Path:
        return self.folder / "traces"

    def totals(self, count: int) -> GraphSource:
        return self.source("demo-totals", {"count": count})

    def scripted(self, *scripts: Mapping[str, Any]) -> GraphSource:
        self.traces.mkdir(parents=True, exist_ok=True)
        arguments = {"scripts": list(scripts), "traces": str(self.traces)}
        return self.source("demo-scripted", arguments)

    def source(self, factory: str, arguments: Mapping[str, Any]) -> GraphSource:
        store = str(self.folder / "store")
        return GraphSource(factory=factory, arguments={"store": store, **arguments})

    def run(
        self,
        source: GraphSource,
        *,
        executor: Executor | None = None,
        retries: int = 1,
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> RunResult:
        def listen(event: Event) -> None:
            self.events.append(event)
            on_event(event)

        return run_graph(
            source,
            executor=executor or self.workers,
            orders=self.folder / "orders",
            on_event=listen,
            retries=retries,
        )

    def executor(self, **limits: Any) -> LocalExecutor:
        """Return an executor of the test's own; the test closes it."""
        defaults = {"workers": 2, "cpu": 4, "memory_gib": 8, "logs": self.folder / "logs"}
        return LocalExecutor(**{**defaults, **limits})

    def start(self, source: GraphSource, *options: str) -> subprocess.Popen[str]:
        """Start the same in a driver process of its own."""
        path = self.folder / "arguments.json"
        path.write_text(json.dumps(dict(source.arguments)))
        command: Sequence[str] = [
            *(sys.executable, "-P", "-m", "yule_runner", "run", "--factory", source.factory),
            *("--arguments", str(path), "--folder", str(self.folder), "--memory-gib", "8"),
            *options,
        ]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def attempts(self, name: str) -> int:
        return len(list(self.traces.glob(f"{name}.attempt-*")))

    def pid_of(self, name: str) -> int:
        """Wait until a scripted task runs, and return its process."""
        path = self.traces / f"{name}.attempt-1"
        _wait_until(lambda: path.exists() and path.read_text() != "")
        return int(path.read_text())

    def wait_for_end(self, pid: int) -> None:
        """Wait until a process that is not our child runs no more; a zombie does not run."""

        def is_gone() -> bool:
            try:
                os.kill(pid, 0)
                stat = Path(f"/proc/{pid}/stat").read_text()
            except ProcessLookupError:
                return True
            except FileNotFoundError:  # no /proc here, or it went just now: ask again
                return False
            return stat.rpartition(")")[2].split()[0] == "Z"

        _wait_until(is_gone)

    def until(self, is_true: Callable[[], bool]) -> None:
        """Wait for something to be true."""
        _wait_until(is_true)

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def bench(workers: LocalExecutor, tmp_path: Path) -> Bench:
    return Bench(tmp_path, workers)


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
