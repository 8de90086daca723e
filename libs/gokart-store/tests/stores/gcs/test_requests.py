"""What a result costs: requests are what a bucket is slow at, and bills."""

from pathlib import Path
from typing import Any

import pytest
from gateway import Gateway
from gokart_store import Artefact, Entry, open_store, run_task
from samples import Holder, plain

SHARDS = 4


@pytest.fixture
def task(bucket_url: str) -> Holder:
    return Holder(kind="dataset", workspace_directory=bucket_url)


def elsewhere(task: Holder, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Any:
    """What the task has stored, on a machine that has fetched nothing yet."""
    monkeypatch.setenv("GOKART_STORE_CACHE", str(folder))
    entry = Entry(open_store(task.workspace_directory), task.entry.prefix, task.entry.unique_id)
    return lambda: task.format.read(Artefact(entry))


def shards(requests: list[tuple[str, str]]) -> list[str]:
    return sorted(name for _, name in requests if name.startswith("shard-"))


def test_storing_costs_a_request_for_each_file_and_four(task: Holder, between: Gateway) -> None:
    open_store(task.workspace_directory).read_bytes("x")  # the first that is missing costs another
    between.requests.clear()

    run_task(task)

    names = [name for _, name in between.requests]
    assert len(names) == SHARDS + 4
    assert names[0] == "manifest.json"
    assert names.count("manifest.json") == 2
    assert names.count("upload or list") == SHARDS + 2


def test_the_first_missing_object_of_a_process_asks_for_the_bucket(
    bucket_url: str, between: Gateway
) -> None:
    store = open_store(bucket_url)
    for _ in range(3):
        assert store.read_bytes("x") is None

    assert between.requests == [("GET", "x"), ("GET", "upload or list"), ("GET", "x"), ("GET", "x")]


def test_whether_a_result_is_stored_costs_one(task: Holder, between: Gateway) -> None:
    run_task(task)
    between.requests.clear()

    assert task.complete()
    assert between.requests == [("GET", "manifest.json")]


def test_loading_costs_the_manifest_and_each_file_once_on_a_machine(
    task: Holder, between: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_task(task)
    load = elsewhere(task, monkeypatch, tmp_path / "another machine")
    between.requests.clear()

    first, second = plain(load()), plain(load())

    assert first == second
    assert len(between.requests) == SHARDS + 2
    assert shards(between.requests) == [f"shard-{shard:05d}.parquet" for shard in range(SHARDS)]


def test_what_was_stored_here_is_not_fetched_again(task: Holder, between: Gateway) -> None:
    run_task(task)
    between.requests.clear()

    plain(task.result())

    assert between.requests == [("GET", "manifest.json")]


def test_one_shard_is_read_without_the_others(
    task: Holder, between: Gateway, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run_task(task)
    load = elsewhere(task, monkeypatch, tmp_path / "another machine")
    between.requests.clear()

    assert load().shard(1).num_rows > 0
    assert shards(between.requests) == ["shard-00001.parquet"]


def test_a_large_file_costs_another(bucket_url: str, between: Gateway) -> None:
    store = open_store(bucket_url)
    content = bytes(range(256)) * (9 * 4096)
    with store.scratch() as scratch:
        (scratch / "built").mkdir()
        (scratch / "built/large").write_bytes(content)
        store.publish(scratch / "built", "cache/1")

    assert between.requests == [("POST", "upload or list"), ("PUT", "upload or list")]
    assert store.local_path("cache/1/large").read_bytes() == content
