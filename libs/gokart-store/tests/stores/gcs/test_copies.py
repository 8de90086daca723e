"""Copies on this machine: never trusted, fetched anew where they are damaged, cleaned up."""

import os
import time
from pathlib import Path

import pytest
from gokart_store import (
    CorruptEntryError,
    Store,
    StoreAccessError,
    StoreWriteError,
    open_store,
    run_task,
)
from gokart_store.stores.gcs.copies import Copies
from samples import Holder

DAY_S = 24 * 3600
TEXT = "one\r\ntwo\n🍄"


@pytest.fixture
def task(bucket_url: str) -> Holder:
    made = Holder(kind="text", workspace_directory=bucket_url)
    run_task(made)
    assert made.result() == TEXT
    return made


def copy_of(task: Holder) -> Path:
    [path] = Path(os.environ["GOKART_STORE_CACHE"]).rglob("text.txt")
    return path


def stored_key(task: Holder) -> str:
    [name] = task.entry.manifest().files
    return f"{task.entry.prefix}/{task.entry.manifest().payload}/{name}"


def test_a_damaged_copy_is_fetched_anew(task: Holder) -> None:
    copy_of(task).write_text("damaged")

    assert task.result() == TEXT
    assert copy_of(task).read_bytes() == TEXT.encode()


def test_what_is_damaged_in_the_bucket_is_computed_again(task: Holder) -> None:
    task.entry.store.write_bytes(stored_key(task), b"damaged")
    copy_of(task).unlink()

    with pytest.raises(CorruptEntryError, match=r"text\.txt is not what was written"):
        task.result()
    assert not task.complete()
    run_task(task)
    assert task.result() == TEXT


def test_what_was_deleted_in_the_bucket_is_found_when_it_is_read(task: Holder) -> None:
    task.entry.store.delete(stored_key(task))
    copy_of(task).unlink()
    assert task.complete()

    with pytest.raises(CorruptEntryError, match=r"text\.txt is not what was written"):
        task.result()
    assert not task.complete()


def test_a_copy_that_was_cleaned_up_is_fetched_again(bucket_url: str) -> None:
    task = Holder(kind="folder", workspace_directory=bucket_url)
    run_task(task)
    artefact = task.result()
    name = artefact.names[0]
    before = artefact.path(name).read_bytes()

    artefact.path(name).unlink()

    assert artefact.path(name).read_bytes() == before


def test_what_is_written_again_is_fetched_again(bucket_url: str) -> None:
    store = open_store(bucket_url)
    store.write_bytes("x", b"1")
    assert store.local_path("x").read_bytes() == b"1"
    store.write_bytes("x", b"2")

    assert store.local_path("x", may_be_kept=True).read_bytes() == b"1"
    assert store.local_path("x").read_bytes() == b"2"
    store.delete("x")
    assert not store.local_path("x").exists()


def test_the_cache_is_for_its_owner_alone(bucket_url: str, tmp_path: Path) -> None:
    open_store(bucket_url).local_path("x")

    [root] = (path for path in (tmp_path / "cache").iterdir() if path.is_dir())
    assert root.stat().st_mode & 0o777 == 0o700


def test_a_cache_that_cannot_be_written_is_named(
    bucket_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "file"))
    store = open_store(bucket_url)

    def use_all(store: Store) -> None:
        store.local_path("x")

    says = r"copies from gs://results/.* cannot be written to: Not a directory\. .*GOKART_STORE_CAC"
    for use in (use_all, lambda store: store.scratch().__enter__()):
        with pytest.raises(StoreWriteError, match=says):
            use(store)


def made(root: Path, name: str, *, age_s: float, size: int = 10) -> Path:
    path = root / "objects" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def test_what_nobody_has_used_for_a_month_goes(tmp_path: Path) -> None:
    old = made(tmp_path / "a", "old", age_s=31 * DAY_S)
    elsewhere = made(tmp_path / "b", "folder/old", age_s=31 * DAY_S)
    young = made(tmp_path / "a", "young", age_s=29 * DAY_S)

    Copies(tmp_path / "a", limit_bytes=100).tidy()

    assert [path.exists() for path in (old, elsewhere, young)] == [False, False, True]


def test_above_the_limit_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    files = [made(tmp_path / "a", str(days), age_s=days * DAY_S) for days in (1, 2, 3, 4)]

    Copies(tmp_path / "a", limit_bytes=25).tidy()

    assert [path.exists() for path in files] == [True, True, False, False]


def test_what_was_used_just_now_stays_above_the_limit(tmp_path: Path) -> None:
    path = made(tmp_path / "a", "x", age_s=DAY_S)
    copies = Copies(tmp_path / "a", limit_bytes=0)

    assert copies.get(("x",), lambda _: pytest.fail("it was there"), may_be_kept=True) == path
    copies.tidy()

    assert path.exists()


def test_a_fetch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fetch(draft: Path) -> bool:
        draft.write_bytes(b"the first half")
        raise StoreAccessError("gone")

    with pytest.raises(StoreAccessError, match="gone"):
        Copies(tmp_path / "a", limit_bytes=100).get(("x",), fetch, may_be_kept=True)

    assert not list((tmp_path / "a/tmp").iterdir())


def test_fetching_cleans_up_once_a_day(tmp_path: Path) -> None:
    def fetch(draft: Path) -> bool:
        draft.write_bytes(b"x")
        return True

    copies = Copies(tmp_path / "a", limit_bytes=100)
    for name, is_cleaned in (("x", True), ("y", False)):
        old = made(tmp_path / "a", "old", age_s=31 * DAY_S)
        copies.get((name,), fetch, may_be_kept=True)
        assert old.exists() is not is_cleaned
