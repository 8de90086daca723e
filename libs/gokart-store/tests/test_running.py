import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gokart_store import (
    Resources,
    StoredTask,
    StoreWriteError,
    UnstoredOutputError,
    run_task,
)
from gokart_store.memory import peak_memory_gib, reset_peak_memory
from samples import Number


class Big(StoredTask[int]):
    def required_resources(self) -> Resources:
        return Resources(memory_gib=7)

    def run(self) -> None:
        self.dump(int(np.ones(2**25).sum()))


class Forgetful(StoredTask[Any]):
    def run(self) -> None:
        pass


class Failing(StoredTask[Any]):
    def run(self) -> None:
        raise ZeroDivisionError("by nought")


def test_a_record_says_what_the_computation_cost(tmp_path: Path) -> None:
    task = Big(workspace_directory=str(tmp_path))

    record = run_task(task)

    assert record is not None
    assert record.task_id == task.make_unique_id()
    assert record.name == f"{__name__}.Big"
    assert 0 < record.seconds < 60
    assert record.declared_memory_gib == 7
    assert record.peak_memory_gib is not None
    assert record.peak_memory_gib > 0.25
    assert task.entry.read_record() == {
        "task_id": record.task_id,
        "name": record.name,
        "seconds": record.seconds,
        "peak_memory_gib": record.peak_memory_gib,
        "declared_memory_gib": 7,
    }


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
def test_a_peak_is_that_of_one_task(tmp_path: Path) -> None:
    before = peak_memory_gib()
    big = run_task(Big(workspace_directory=str(tmp_path)))
    small = run_task(Number(value=1, workspace_directory=str(tmp_path)))
    reset_peak_memory()

    assert before is not None
    assert big is not None
    assert small is not None
    assert big.peak_memory_gib is not None
    assert small.peak_memory_gib is not None
    assert big.peak_memory_gib - small.peak_memory_gib > 0.2


def test_what_is_stored_already_is_not_run_again(tmp_path: Path) -> None:
    task = Number(value=1, workspace_directory=str(tmp_path))

    assert run_task(task) is not None
    assert run_task(task) is None


def test_what_another_stores_meanwhile_is_used(tmp_path: Path) -> None:
    task = Number(value=1, workspace_directory=str(tmp_path))
    waits, ended = threading.Event(), []

    def run() -> None:
        ended.append(run_task(task, on_wait=waits.set))

    thread = threading.Thread(target=run)
    with task.entry.store.claim(task.entry.prefix):
        thread.start()
        assert waits.wait(timeout=60)
        task.run()
    thread.join()

    assert ended == [None]
    assert task.entry.read_record() is None


def test_a_store_that_takes_nothing_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")

    with pytest.raises(StoreWriteError, match=r"store cannot be written to: Not a directory"):
        run_task(Failing(workspace_directory=str(tmp_path / "store")))


def test_a_task_that_stores_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnstoredOutputError, match=r"Forgetful ended without storing its result; c"):
        run_task(Forgetful(workspace_directory=str(tmp_path)))


def test_errors_pass_through_unchanged(tmp_path: Path) -> None:
    task = Failing(workspace_directory=str(tmp_path))

    with pytest.raises(ZeroDivisionError, match="by nought"):
        run_task(task)
    assert not task.complete()
    assert task.entry.read_record() is None


def test_a_record_that_cannot_be_written_is_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    task = Number(value=1, workspace_directory=str(tmp_path))
    (tmp_path / task.entry.prefix / "record.json" / "in the way").mkdir(parents=True)

    record = run_task(task)

    assert record is not None
    assert task.result() == 1
    assert "The record of samples.Number could not be written" in caplog.text
