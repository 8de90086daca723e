"""A task's id is its meaning: in every process, however it was built."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import luigi
import pytest
from children import start
from gokart_store import (
    GokartStoreError,
    JsonFormat,
    JsonParameter,
    StoredTask,
    TextFormat,
    UpstreamListParameter,
    UpstreamParameter,
)
from ids import builders
from samples import Everything, Number

GOLDEN = "c42ea4657f624193f7b34b088d0aea6e"
"""The id of one task, for good: another one would make every cache of every user worthless."""


def ids_in_a_process(order: str, **variables: str) -> dict[str, str]:
    stdout, stderr = start("ids", order, **variables).communicate()
    assert not stderr
    found: dict[str, str] = json.loads(stdout)
    return found


def test_ids_are_for_good() -> None:
    assert builders()["int"]().make_unique_id() == GOLDEN


@pytest.mark.parametrize(
    ("order", "variables"),
    [
        ("int,float,bool", {"PYTHONHASHSEED": "1", "PYTHONUTF8": "0", "LC_ALL": "C"}),
        ("float,bool,int", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"}),
        ("bool,int,float", {"PYTHONHASHSEED": "3", "PYTHONOPTIMIZE": "2"}),
    ],
)
def test_processes_agree_whatever_they_built_first(order: str, variables: dict[str, str]) -> None:
    assert ids_in_a_process(order, **variables) == dict.fromkeys(["bool", "float", "int"], GOLDEN)


class Base(StoredTask[Any]):
    name = luigi.Parameter(default="x")


def subclass(**members: Any) -> StoredTask[Any]:
    cls: type[StoredTask[Any]] = type("Task", (Base,), {"__module__": __name__, **members})
    return cls()


@pytest.mark.parametrize(
    "members",
    [
        {"VERSION": 2},
        {"__module__": "elsewhere"},
        {"__qualname__": "Outer.Task"},
        {"format": TextFormat()},
        {"fingerprint": lambda _: {"engine": 2}},
        {"more": JsonParameter(default=1)},
        {"name": luigi.Parameter(default="y")},
    ],
    ids=lambda members: next(iter(members)),
)
def test_what_a_result_depends_on_is_part_of_the_id(members: dict[str, Any]) -> None:
    assert subclass().make_unique_id() != subclass(**members).make_unique_id()


@pytest.mark.parametrize(
    "members",
    [
        {"__doc__": "Other words."},
        {"note": luigi.Parameter(default="x", significant=False)},
        {"required_resources": lambda _: None},
        {"format": JsonFormat()},
    ],
    ids=lambda members: next(iter(members)),
)
def test_what_it_does_not_depend_on_is_not(members: dict[str, Any]) -> None:
    assert subclass().make_unique_id() == subclass(**members).make_unique_id()


def test_the_place_is_not_part_of_the_id(tmp_path: Path) -> None:
    here = Number(value=1, workspace_directory=str(tmp_path))
    there = Number(value=1, workspace_directory=str(tmp_path / "b"))

    assert here.make_unique_id() == there.make_unique_id()
    assert here != there
    assert here == Number(value=1, workspace_directory=str(tmp_path))


def variations() -> dict[str, dict[str, Any]]:
    return {
        "options": {"options": {"a": 2}},
        "rate": {"rate": 0.25},
        "count": {"count": 3},
        "flag": {"flag": False},
        "name": {"name": "m"},
        "day": {"day": date(2026, 11, 25)},
        "above": {"above": Number(value=2)},
        "among": {"among": [Number(value=2), Number(value=1)]},
    }


@pytest.mark.parametrize("name", variations())
def test_every_significant_parameter_is_part_of_the_id(name: str) -> None:
    values: dict[str, Any] = {
        "options": {"a": 1},
        "rate": 0.5,
        "count": 2,
        "flag": True,
        "name": "n",
        "day": date(2026, 11, 24),
        "above": Number(value=1),
        "among": [Number(value=1), Number(value=2)],
    }

    changed = Everything(**{**values, **variations()[name]})

    assert changed.make_unique_id() != Everything(**values).make_unique_id()
    assert (
        Everything(**values, comment="c").make_unique_id() == Everything(**values).make_unique_id()
    )


def test_true_is_not_one_in_json() -> None:
    class Options(StoredTask[Any]):
        options = JsonParameter()

    ids = {Options(options=value).make_unique_id() for value in (1, 1.0, True, "1", [1])}

    assert len(ids) == 4


def test_tasks_of_a_script_have_no_id() -> None:
    code = "import gokart_store\nclass T(gokart_store.StoredTask): pass\nT().make_unique_id()"

    completed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert completed.returncode == 1
    assert b"The task T is defined in a script; move it to a module" in completed.stderr
    assert b"GokartStoreError" in completed.stderr
    assert issubclass(GokartStoreError, Exception)


class Diamond(StoredTask[Any]):
    level = luigi.IntParameter()
    left = UpstreamParameter()
    rest = UpstreamListParameter(default=())


def diamonds(depth: int) -> StoredTask[Any]:
    task: StoredTask[Any] = Number(value=0)
    for level in range(depth):
        task = Diamond(level=level, left=task, rest=[task, task])
    return task


def test_deep_graphs_have_short_texts() -> None:
    task = diamonds(200)

    assert len(repr(task)) < 100
    assert len(str(task)) < 200
    assert len(json.dumps(task.to_str_params())) < 1000
    assert len(json.dumps(task.describe())) < 1000
    assert len(task.task_id) < 200


def test_the_work_for_an_id_does_not_double_with_each_level() -> None:
    calls = 0

    class Counting(Diamond):
        def fingerprint(self) -> dict[str, Any]:
            nonlocal calls
            calls += 1
            return {}

    task: StoredTask[Any] = Number(value=0)
    for level in range(50):
        task = Counting(level=level, left=task, rest=[task, task])
    task.make_unique_id()

    assert calls == 50
