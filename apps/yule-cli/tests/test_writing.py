import errno
import os
from pathlib import Path

import pytest
from gokart_store import StoreWriteError
from yule_cli.errors import StateWriteError
from yule_cli.writing import full_disk_explained


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, r"run\.json cannot be written: No space left on device\. Free some space"),
        (errno.EFBIG, r"run\.json cannot be written: File too large\. Free some space"),
        (errno.EROFS, r"run\.json cannot be written: Read-only file system\. Make it writable"),
    ],
)
def test_a_disk_that_takes_no_more_is_explained(tmp_path: Path, number: int, said: str) -> None:
    with pytest.raises(StateWriteError, match=said), full_disk_explained(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "run.json"))


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
