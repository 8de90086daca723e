import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gokart
import luigi
import pyarrow as pa
import pytest
from gokart_store import (
    FolderFormat,
    MissingEntryError,
    ParquetFormat,
    Resources,
    StoredTask,
)
from samples import Number, Total


@pytest.fixture
def traced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a line for each task that ran."""
    path = tmp_path / "trace"
    path.touch()
    monkeypatch.setenv("TRACE", str(path))
    return path


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    # gokart.build switches logging off in the whole process.
    yield
    logging.disable(logging.NOTSET)


def totals(store: Path) -> StoredTask[int]:
    where = str(store)
    numbers = [Number(value=value, workspace_directory=where) for value in (1, 2, 3)]
    return Total(left=numbers[0], others=numbers[1:], workspace_directory=where)


def test_gokart_builds_stored_tasks(tmp_path: Path, traced: Path) -> None:
    assert gokart.build(totals(tmp_path / "store"), reset_register=False) == 6
    assert sorted(traced.read_text().split()) == ["Number", "Number", "Number", "Total"]


def test_gokart_builds_nothing_twice(tmp_path: Path, traced: Path) -> None:
    for _ in range(2):
        gokart.build(totals(tmp_path / "store"), reset_register=False)

    assert len(traced.read_text().split()) == 4


def test_luigi_builds_stored_tasks(tmp_path: Path, traced: Path) -> None:
    task = totals(tmp_path / "store")

    assert luigi.build([task], local_scheduler=True, log_level="ERROR")
    assert task.result() == 6


def test_gokart_computes_a_damaged_result_again(tmp_path: Path, traced: Path) -> None:
    task = totals(tmp_path / "store")
    gokart.build(task, reset_register=False)
    [stored] = (tmp_path / "store" / task.entry.prefix).rglob("value.json")
    stored.write_bytes(b"")

    assert gokart.build(task, reset_register=False) == 6
    assert traced.read_text().split().count("Total") == 2
    assert traced.read_text().split().count("Number") == 3


def test_gokart_s_rerun_replaces_the_result(tmp_path: Path, traced: Path) -> None:
    where = str(tmp_path / "store")
    gokart.build(Number(value=1, workspace_directory=where), reset_register=False)

    gokart.build(Number(value=1, workspace_directory=where, rerun=True), reset_register=False)

    assert traced.read_text().split() == ["Number", "Number"]


def test_a_store_holds_entries_and_nothing_else(tmp_path: Path) -> None:
    store = tmp_path / "store"
    task = totals(store)
    gokart.build(task, reset_register=False)

    files = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}

    assert {file.split("/")[0] for file in files} == {"cache"}
    assert {file.split("/")[-1] for file in files} == {"manifest.json", "value.json"}
    assert len(files) == 8
    assert task.entry.prefix == f"cache/samples/Total/{task.make_unique_id()}"


def test_a_task_that_has_not_run_has_no_result(tmp_path: Path) -> None:
    task = Number(value=1, workspace_directory=str(tmp_path))

    assert not task.complete()
    with pytest.raises(MissingEntryError, match="run its task first"):
        task.result()


class Written(StoredTask[Any]):
    format = FolderFormat()

    def required_resources(self) -> Resources:
        return Resources(cpu=2, memory_gib=3)

    def run(self) -> None:
        with self.writing() as folder:
            (folder / "a.txt").write_text("a")
        (self.side_folder("curves") / "curve").write_text("c")


def test_a_task_may_write_its_files_itself(tmp_path: Path) -> None:
    task = Written(workspace_directory=str(tmp_path))
    task.run()

    assert task.result().path("a.txt").read_text() == "a"


def test_side_files_lie_outside_the_entry_at_a_stable_path(tmp_path: Path) -> None:
    task = Written(workspace_directory=str(tmp_path))
    task.run()

    folder = tmp_path / "side" / "curves" / task.make_unique_id()
    assert task.side_folder("curves") == folder
    assert (folder / "curve").read_text() == "c"
    assert task.result().names == ("a.txt",)


class Table(StoredTask[pa.Table]):
    format = ParquetFormat()

    def run(self) -> None:
        self.dump(pa.table({"x": [1]}))


def test_tasks_of_one_name_in_two_modules_are_two(tmp_path: Path) -> None:
    other = type("Table", (Table,), {"__module__": "elsewhere"})
    tasks = [cls(workspace_directory=str(tmp_path)) for cls in (Table, other)]

    for task in tasks:
        task.run()

    assert len({task.entry.prefix for task in tasks}) == 2
    assert all(task.complete() for task in tasks)


def test_a_task_without_run_says_so(tmp_path: Path) -> None:
    class Empty(StoredTask[Any]):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty must define run\(\)"):
        Empty(workspace_directory=str(tmp_path)).run()
