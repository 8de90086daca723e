import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from gokart_store import write_whole


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 100 bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_there_with_all_that_was_written(tmp_path: Path) -> None:
    for data in ("first 日本\n", b"2nd \xff"):
        write_whole(tmp_path / "file", data)

        expected = data.encode() if isinstance(data, str) else data
        assert (tmp_path / "file").read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_write_that_breaks_off_leaves_what_was_there(tmp_path: Path, small_files: None) -> None:
    write_whole(tmp_path / "file", "before")

    with pytest.raises(OSError, match="File too large") as caught:
        write_whole(tmp_path / "file", "x" * 1000)

    assert caught.value.filename == str(tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "before"
