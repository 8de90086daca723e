"""Several processes of one machine, killed, forked, or after the same file."""

import json
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from children import Child
from gateway import Gateway
from gokart_store import open_store

Start = Callable[..., Child]


def waits(child: Child) -> bool:
    """Whether a process waits for a lock that another holds."""
    return f"-> FLOCK  ADVISORY  WRITE {child.pid} " in Path("/proc/locks").read_text()


def test_a_forked_child_has_a_client_of_its_own(bucket_url: str, start: Start) -> None:
    store = open_store(bucket_url)
    store.write_bytes("x", b"stored")

    stdout, stderr = start("fetching", bucket_url, "x", "fork").communicate(timeout=60)

    assert stdout.split() == ["stored", "another"], stderr
    assert store.read_bytes("x-child") == b"from the child"
    assert store.read_bytes("x-parent") == b"from the parent"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_file_is_fetched_once_for_all_processes(
    bucket_url: str, between: Gateway, start: Start
) -> None:
    open_store(bucket_url).write_bytes("x", b"stored")
    between.requests.clear()
    others_wait, is_asked = threading.Event(), threading.Event()

    def hold_back(body: bytes) -> bytes:
        is_asked.set()
        assert others_wait.wait(timeout=60)
        return body

    between.received = hold_back
    children = [start("fetching", bucket_url, "x") for _ in range(3)]
    assert is_asked.wait(timeout=60)
    while sum(waits(child) for child in children) < 2:
        assert all(child.poll() is None for child in children)
    others_wait.set()

    for child in children:
        stdout, stderr = child.communicate(timeout=60)
        assert stdout == "stored\n", stderr
    assert between.requests == [("GET", "x")]


def test_who_waits_for_a_claim_comes_in_when_the_holder_is_killed(
    bucket_url: str, start: Start
) -> None:
    holder, waiting = start("claiming", bucket_url, "k"), None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "claimed\n"
    waiting = start("claiming", bucket_url, "k")
    assert waiting.stdout is not None
    assert waiting.stdout.readline() == "waiting\n"

    holder.send_signal(signal.SIGKILL)

    assert waiting.stdout.readline() == "claimed\n"


@pytest.mark.one_python
@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_entry_or_none(bucket_url: str, start: Start) -> None:
    stdout, stderr = start("crashing", "folder", bucket_url).communicate(timeout=280)

    assert stdout, stderr
    was_there = json.loads(stdout)
    steps_before = was_there.index(True)
    assert steps_before >= 8
    assert was_there == [False] * steps_before + [True] * (len(was_there) - steps_before)
