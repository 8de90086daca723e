"""Side folders that are written on one machine and seen on another."""

import logging
from pathlib import Path

import pytest
from gateway import Gateway
from gokart_store import GcsStore, Store, open_store, run_task
from gokart_store.stores.gcs.objects import Objects
from samples import Number

PREFIX = "side/curves/1"


def elsewhere(store: Store, patch: pytest.MonkeyPatch, folder: Path) -> Store:
    """The same store on a machine that has fetched nothing yet."""
    patch.setenv("GOKART_STORE_CACHE", str(folder))
    return open_store(store.url)


@pytest.fixture
def store(bucket_url: str) -> GcsStore:
    _, _, bucket, prefix = bucket_url.split("/", 3)
    return GcsStore(bucket, prefix, share_every_s=0.01)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("texts", [("1", "1 2"), ("one", "two")], ids=["longer", "as long"])
def test_files_are_seen_while_they_are_written(
    store: GcsStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, texts: tuple[str, str]
) -> None:
    with store.sharing(PREFIX) as folder:
        other = elsewhere(store, monkeypatch, tmp_path / "other")
        for text in texts:
            (folder / "events").write_text(text)
            while names(other.shared(PREFIX)) != {"events"}:
                pass
            while (other.shared(PREFIX) / "events").read_text() != text:
                pass


def test_when_the_block_ends_all_are_there_after_an_error_too(
    bucket_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_store(bucket_url)  # looks again after 10 s only

    def fail() -> None:
        with store.sharing(PREFIX) as folder:
            (folder / "deep").mkdir()
            (folder / "deep/日本").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(elsewhere(store, monkeypatch, tmp_path / "other").shared(PREFIX)) == {"deep/日本"}


def test_what_an_earlier_attempt_left_is_gone(
    bucket_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = open_store(bucket_url)
    with store.sharing(PREFIX) as folder:
        (folder / "first").write_text("x")
    other = elsewhere(store, monkeypatch, tmp_path / "other")
    assert names(other.shared(PREFIX)) == {"first"}
    third = elsewhere(store, monkeypatch, tmp_path / "third")

    with third.sharing(PREFIX) as folder:
        (folder / "second").write_text("x")

    assert names(other.shared(PREFIX)) == {"second"}


def test_a_bucket_that_does_not_answer_is_a_warning(
    bucket_url: str, between: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    _, _, bucket, prefix = bucket_url.split("/", 3)
    between.instead = lambda: (403, b"{}")

    with (
        caplog.at_level(logging.WARNING),
        GcsStore(bucket, prefix).sharing(PREFIX) as folder,
    ):
        (folder / "x").write_text("x")

    assert "is not shared for now: gs://results cannot be" in caplog.text
    assert (folder / "x").read_text() == "x"


def test_a_folder_that_is_written_here_is_left_alone(store: GcsStore) -> None:
    with store.sharing(PREFIX) as folder:
        (folder / "x").write_text("x")
        assert store.shared(PREFIX) == folder
        assert names(folder) == {"x"}


def test_nothing_is_written_outside_the_folder(bucket_url: str, tmp_path: Path) -> None:
    """Whoever may write to the bucket chooses the names of objects."""
    bucket, prefix = bucket_url.removeprefix("gs://").split("/", 1)
    objects = Objects(bucket, patience_s=1)
    for name in (f"{tmp_path}/absolute", "good"):  # the emulator refuses ..
        objects.write(f"{prefix}/{PREFIX}/{name}", b"x")

    folder = open_store(bucket_url).shared(PREFIX)

    assert names(folder) == {"good"}
    assert not (tmp_path / "absolute").exists()


def test_a_task_shares_its_folder(
    bucket_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    task = Number(value=1, workspace_directory=bucket_url)
    run_task(task)
    with task.sharing("curves") as folder:
        assert folder == task.side_folder("curves")
        (folder / "events").write_text("x")
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "other"))

    assert names(task.side_folder("curves")) == set()
    assert names(task.shared_folder("curves")) == {"events"}
