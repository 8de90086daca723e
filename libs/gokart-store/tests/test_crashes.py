"""Whatever happens to a process that writes, an entry is whole or not there."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from children import Child, environment
from gokart_store import CorruptEntryError, FolderStore, MissingEntryError
from samples import OBJECTS, Busy, Holder, Waiting

_PRIVATE_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"]

Start = Callable[..., Child]


def output(child: Child) -> Any:
    stdout, stderr = child.communicate(timeout=120)
    assert child.returncode == 0, stderr
    return json.loads(stdout)


@pytest.mark.one_python
@pytest.mark.parametrize("kind", OBJECTS)
def test_a_kill_at_any_moment_leaves_a_whole_entry_or_none(
    tmp_path: Path, start: Start, kind: str
) -> None:
    was_there = output(start("crashing", kind, tmp_path / "store"))

    steps_before = was_there.index(True)
    assert steps_before >= 8
    assert was_there == [False] * steps_before + [True] * (len(was_there) - steps_before)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_in_the_middle_stores_nothing(
    tmp_path: Path, start: Start, sent: signal.Signals
) -> None:
    task = Waiting(workspace_directory=str(tmp_path))
    child = start("waiting", tmp_path)
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"

    child.send_signal(sent)
    child.communicate(timeout=60)

    assert child.returncode != 0
    assert not task.complete()
    assert not (tmp_path / task.entry.prefix).exists()
    leftovers = list((tmp_path / "tmp").iterdir())
    assert len(leftovers) == (0 if sent == signal.SIGINT else 1)
    assert FolderStore(tmp_path).sweep(older_than_s=0) == len(leftovers)
    assert not list((tmp_path / "tmp").iterdir())


def test_two_writers_of_one_entry_never_mix(tmp_path: Path, start: Start) -> None:
    task = Busy(workspace_directory=str(tmp_path))
    children = [start("waiting", tmp_path, TIMES="40") for _ in range(2)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "stored\n"

    seen = set()
    while any(child.poll() is None for child in children):
        artefact = task.result()
        writers = {artefact.path(name).read_text() for name in artefact.names}
        assert len(artefact.names) == 20
        assert len(writers) == 1
        seen |= writers

    assert [child.returncode for child in children] == [0, 0]
    assert seen <= {str(child.pid) for child in children}
    assert task.complete()


def test_a_file_that_may_not_grow_is_an_error_that_says_so(tmp_path: Path, start: Start) -> None:
    said = output(start("failing_writes", tmp_path, "64"))

    assert set(said) == set(OBJECTS)
    for text in said.values():
        assert f"The store {tmp_path} cannot be written to: " in text
        assert "File too large" in text
        assert "Free some space, or choose another store; what was stored before is inta" in text
    for kind in OBJECTS:
        assert Holder(kind=kind, workspace_directory=str(tmp_path)).complete()


@pytest.mark.parametrize(
    ("mount", "message"),
    [
        ("size=16k", "No space left on device. Free some space"),
        ("ro", "Read-only file system. Make the folder writable"),
    ],
)
def test_a_file_system_that_takes_no_more(tmp_path: Path, mount: str, message: str) -> None:
    script = 'mount -t tmpfs -o "$1" tmpfs "$2" && exec "$3" -m failing_writes "$2/store"'
    completed = subprocess.run(
        [*_PRIVATE_MOUNTS, "sh", "-c", script, "sh", mount, tmp_path, sys.executable],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in completed.stderr or "mount:" in completed.stderr:
        pytest.skip(f"no file system can be mounted here: {completed.stderr.strip()}")

    assert completed.returncode == 0, completed.stderr
    said = json.loads(completed.stdout)
    refused = {kind: text for kind, text in said.items() if text != "stored"}
    assert "dataset" in refused
    for text in refused.values():
        assert message in text


def test_what_is_damaged_is_computed_again(tmp_path: Path) -> None:
    task = Holder(kind="text", workspace_directory=str(tmp_path))
    task.run()
    [stored] = tmp_path.rglob("text.txt")
    stored.write_text("three\r\ntwo\n🍄".replace("three", "0ne"), newline="")

    with pytest.raises(CorruptEntryError):
        task.result()
    assert not task.complete()
    with pytest.raises(MissingEntryError):
        task.result()
    task.run()
    assert task.result() == "one\r\ntwo\n🍄"
