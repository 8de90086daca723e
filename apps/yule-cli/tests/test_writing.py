import errno
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from gokart_store import StoreWriteError, write_whole
from yule_cli.errors import StateWriteError
from yule_cli.writing import full_disk_explained


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 100 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_write_that_breaks_off_leaves_what_was_there(tmp_path: Path, small_files: None) -> None:
    write_whole(tmp_path / "run.json", "before")

    with (
        pytest.raises(StateWriteError, match=r"run\.json cannot be written: File too large\. Fr"),
        full_disk_explained(tmp_path),
    ):
        write_whole(tmp_path / "run.json", "x" * 1000)

    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert (tmp_path / "run.json").read_text() == "before"


def test_a_store_s_own_words_are_kept(tmp_path: Path) -> None:
    with (
        pytest.raises(StateWriteError, match="The store is full") as caught,
        full_disk_explained(tmp_path),
    ):
        raise StoreWriteError("The store is full.")
    assert caught.value.exit_code == 3


def test_other_errors_of_the_system_pass_through(tmp_path: Path) -> None:
    with pytest.raises(ConnectionResetError), full_disk_explained(tmp_path):
        raise OSError(errno.ECONNRESET, "reset")
