from pathlib import Path

from gokart_store.listing import file_sizes


def test_files_are_listed_by_their_path_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/日本").write_bytes(b"123")
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "empty").mkdir()

    assert list(file_sizes(tmp_path).items()) == [("a", 0), ("b/日本", 3)]


def test_no_folder_holds_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")

    assert file_sizes(tmp_path / "gone") == {}
    assert file_sizes(tmp_path / "file") == {}
