import os
import time
from pathlib import Path

import pytest
from gokart_store import FolderStore, Store, StoreWriteError
from gokart_store.testing import StoreContract


class TestFolderStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FolderStore(tmp_path / "a store 日本")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def test_what_killed_writers_left_is_swept_when_it_is_old(store: FolderStore) -> None:
    with store.scratch() as young, store.scratch() as old:
        (old / "file").write_bytes(b"x")
        an_hour_ago = time.time() - 3600
        os.utime(old, (an_hour_ago, an_hour_ago))

        assert store.sweep(older_than_s=1800) == 1
        assert not old.exists()
        assert young.exists()


def test_a_clock_that_jumped_back_sweeps_nothing(store: FolderStore) -> None:
    with store.scratch() as scratch:
        tomorrow = time.time() + 86400
        os.utime(scratch, (tomorrow, tomorrow))

        assert store.sweep(older_than_s=0) == 0
        assert scratch.exists()


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")
    store = FolderStore(tmp_path / "store")

    with pytest.raises(StoreWriteError, match=r"store cannot be written to: Not a directory\. Ma"):
        store.write_bytes("a", b"")
    assert store.read_bytes("a") is None


def test_a_name_that_is_too_long_is_an_error(store: FolderStore) -> None:
    with pytest.raises(StoreWriteError, match="File name too long"):
        store.write_bytes("x" * 300, b"")
    assert not list((Path(store.url) / "tmp").iterdir())
