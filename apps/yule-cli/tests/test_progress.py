"""What is said while tasks run, where there is no terminal to draw on."""

import io
from collections.abc import Iterator

import pytest
from gokart_store import TaskRecord
from rich.console import Console
from yule_cli import progress
from yule_cli.progress import RunProgress
from yule_runner import RunPlanned, TaskFinished, TaskStarted


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RunProgress, io.StringIO]]:
    """A listener that says each step at once, and what it has said."""
    monkeypatch.setattr(progress, "_QUIET_INTERVAL_S", 0.0)
    said = io.StringIO()
    with RunProgress(Console(file=said, force_terminal=False)) as listener:
        yield listener, said


def started(task_id: str) -> TaskStarted:
    return TaskStarted(task_id=task_id, name="yule_models.TrainFold", attempt=1, worker="w")


def finished(task_id: str) -> TaskFinished:
    return TaskFinished(
        record=TaskRecord(
            task_id=task_id,
            name="yule_models.TrainFold",
            seconds=1.0,
            peak_memory_gib=0.5,
            declared_memory_gib=1.0,
        )
    )


def test_it_says_how_far_a_run_is_and_what_runs(told: tuple[RunProgress, io.StringIO]) -> None:
    listener, said = told

    listener(RunPlanned(total=5, reused=3, groups=()))
    for event in (started("a"), started("b"), finished("a"), finished("b")):
        listener(event)

    assert said.getvalue().splitlines() == [
        "2 tasks to compute, 3 in the cache.",
        "0 of 2 tasks done.",
        "0 of 2 tasks done; now training.",
        "0 of 2 tasks done; now training x2.",
        "1 of 2 tasks done; now training.",
        "2 of 2 tasks done.",
    ]


def test_it_says_so_no_more_often_than_every_few_seconds(
    told: tuple[RunProgress, io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    listener, said = told
    monkeypatch.setattr(progress, "_QUIET_INTERVAL_S", 3600.0)

    listener(RunPlanned(total=2, reused=0, groups=()))
    for event in (started("a"), finished("a")):
        listener(event)

    assert said.getvalue().splitlines() == ["2 tasks to compute, 0 in the cache."]
