import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from gokart_store import remove_drafts, write_whole


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


def test_drafts_of_a_killed_writer_are_removed_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd[1].json"
    write_whole(path, "before")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)  # it never came to cleaning up
        killed.setattr(Path, "replace", lambda *_: None)
        write_whole(path, "half")
    others = [tmp_path / name for name in (".odd[1].json.bak", ".odd1.json." + "0" * 32)]
    for other in others:
        other.write_text("of somebody else")
    assert len(list(tmp_path.iterdir())) == 4

    remove_drafts(path)

    assert sorted(tmp_path.iterdir()) == sorted([path, *others])
    assert path.read_text() == "before"
