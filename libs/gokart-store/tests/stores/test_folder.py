import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from gokart_store import FolderStore, Store, StoreAccessError, StoreWriteError
from gokart_store.testing import StoreContract


class TestFolderStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FolderStore(tmp_path / "a store 日本")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def leftover(store: FolderStore, name: str, *, age_s: float) -> Path:
    """Make what a killed writer leaves: a scratch folder that nobody holds."""
    folder = Path(store.url) / "tmp" / name
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x")
    then = time.time() - age_s
    os.utime(folder, (then, then))
    return folder


def test_what_killed_writers_left_is_swept_when_it_is_old(store: FolderStore) -> None:
    young, old = leftover(store, "young", age_s=60), leftover(store, "old", age_s=3600)

    assert store.sweep(older_than_s=1800) == 1
    assert not old.exists()
    assert young.exists()


def test_a_clock_that_jumped_back_sweeps_nothing(store: FolderStore) -> None:
    ahead = leftover(store, "ahead", age_s=-86400)

    assert store.sweep(older_than_s=0) == 0
    assert ahead.exists()


def test_a_clock_that_jumped_ahead_takes_nothing_from_the_living(store: FolderStore) -> None:
    with store.scratch() as scratch, store.claim("cache/1"):
        [claim] = (Path(store.url) / "claims").iterdir()
        for path in (scratch, claim):
            os.utime(path, (0, 0))

        assert store.sweep(older_than_s=86400) == 0
        assert scratch.exists()
        assert claim.exists()


def test_claims_leave_no_files(store: FolderStore) -> None:
    for number in range(3):
        with store.claim(f"cache/{number}"):
            pass

    assert not list((Path(store.url) / "claims").iterdir())


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")
    store = FolderStore(tmp_path / "store")

    with pytest.raises(StoreWriteError, match=r"store cannot be written to: Not a directory\. Ma"):
        store.write_bytes("a", b"")
    assert store.read_bytes("a") is None


def linked_in_a_circle(tmp_path: Path) -> Path:
    (tmp_path / "store").symlink_to("store")
    return tmp_path / "store"


def of_the_system(tmp_path: Path) -> Path:
    return Path("/proc/no/such/process")


USES: dict[str, Callable[[Store], object]] = {
    "write_bytes": lambda store: store.write_bytes("a/b", b""),
    "scratch": lambda store: store.scratch().__enter__(),
    "side_folder": lambda store: store.side_folder("side/a"),
    "sharing": lambda store: store.sharing("side/a").__enter__(),
    "claim": lambda store: store.claim("a").__enter__(),
}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc")
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("place", [of_the_system, linked_in_a_circle])
def test_a_place_where_no_folder_can_be_made_is_an_error(
    tmp_path: Path, place: Callable[[Path], Path], use: str
) -> None:
    store = FolderStore(place(tmp_path))

    with pytest.raises(
        StoreWriteError, match=f"The store {store.url} cannot be written to: .*Make"
    ):
        USES[use](store)


def test_a_place_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    store = FolderStore(linked_in_a_circle(tmp_path))

    for use in (lambda: store.read_bytes("a"), lambda: store.sizes("a"), lambda: store.sweep(0)):
        with pytest.raises(
            StoreAccessError, match=r"store cannot be read: Too many levels .*Correc"
        ):
            use()


def test_nothing_is_read_and_swept_where_there_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in ("nowhere", "file", "file/below"):
        store = FolderStore(tmp_path / place)
        assert (store.read_bytes("a"), store.sizes("a"), store.sweep(0)) == (None, {}, 0)


def test_what_somebody_swept_meanwhile_is_not_laid_on_the_store(store: FolderStore) -> None:
    with store.scratch() as folder:
        folder.rmdir()
        with pytest.raises(FileNotFoundError):
            store.publish(folder, "cache/a")


def test_a_name_that_is_too_long_is_an_error(store: FolderStore) -> None:
    with pytest.raises(StoreWriteError, match="File name too long"):
        store.write_bytes("x" * 300, b"")
    assert not list((Path(store.url) / "tmp").iterdir())
