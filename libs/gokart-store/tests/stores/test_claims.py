"""Claims between processes, which are killed, interrupted, or have no locks at all."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from children import Child
from gokart_store import FolderStore

KEY = "cache/module/Task/0123"

Start = Callable[..., Child]


def claimed(start: Start, store: Path, *how: str) -> Child:
    child = start("claiming", store, KEY, *how)
    line = told(child)
    assert line == "claimed", line or child.communicate()
    return child


def told(child: Child) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_who_waits_comes_in_when_the_holder_is_killed(tmp_path: Path, start: Start) -> None:
    holder = claimed(start, tmp_path)
    waiting = start("claiming", tmp_path, KEY)
    assert told(waiting) == "waiting"

    holder.kill()

    assert told(waiting) == "claimed"
    waiting.communicate("\n", timeout=60)
    assert waiting.returncode == 0
    assert not list((tmp_path / "claims").iterdir())


def test_what_a_killed_holder_has_forked_holds_nothing(tmp_path: Path, start: Start) -> None:
    holder = claimed(start, tmp_path, "fork")

    holder.kill()
    holder.wait(timeout=60)

    waited: list[bool] = []
    with FolderStore(tmp_path).claim(KEY, lambda: waited.append(True)):
        assert not waited


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_who_waits_can_be_interrupted(tmp_path: Path, start: Start) -> None:
    holder = claimed(start, tmp_path)
    waiting = start("claiming", tmp_path, KEY)
    assert told(waiting) == "waiting"
    while f"-> FLOCK  ADVISORY  WRITE {waiting.pid} " not in Path("/proc/locks").read_text():
        assert waiting.poll() is None

    waiting.send_signal(signal.SIGINT)

    assert told(waiting) == "interrupted"
    assert waiting.wait(timeout=60) == 130
    assert holder.poll() is None


def test_a_killed_holder_leaves_a_file_that_is_swept_and_claimed_again(
    tmp_path: Path, start: Start
) -> None:
    store = FolderStore(tmp_path)
    for _ in range(2):
        holder = claimed(start, tmp_path)
        holder.kill()
        holder.wait(timeout=60)
    [left] = (tmp_path / "claims").iterdir()

    assert store.sweep(older_than_s=3600) == 0
    assert left.exists()
    assert store.sweep(older_than_s=0) == 1
    assert not left.exists()


@pytest.mark.one_python
def test_claims_and_sweeps_of_many_processes_never_let_two_in(tmp_path: Path, start: Start) -> None:
    children = [start("crowding", tmp_path, KEY) for _ in range(3)]

    for child in children:
        stdout, stderr = child.communicate(timeout=120)
        assert child.returncode == 0, stderr
        assert stdout == "never two\n"


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
def test_without_locks_everybody_comes_in(tmp_path: Path, start: Start) -> None:
    first = start("claiming", tmp_path, KEY, "no-locks")
    line = told(first)
    if line != "claimed":
        pytest.skip(first.communicate()[1].strip())

    assert told(start("claiming", tmp_path, KEY, "no-locks")) == "claimed"
