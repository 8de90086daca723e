"""Logs in the store, followed."""

from __future__ import annotations

from pathlib import Path

from gokart_store import FolderStore
from yule_runner.kubernetes.logs import LogLines, LogReader


def log(root: Path, index: int, pod: str) -> Path:
    path = root / f"side/pods/j/1/{index}/{pod}/log.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_each_line_is_read_once_and_whole(tmp_path: Path) -> None:
    reader = LogReader(FolderStore(tmp_path), "j", "1")
    assert not list(reader.news())
    with log(tmp_path, 0, "j-0-a").open("a") as file:
        file.write("one\ntw")
        file.flush()
        assert list(reader.news()) == [LogLines(index=0, pod="j-0-a", lines=("one",))]
        assert not list(reader.news())
        file.write("o\nthree")
        file.flush()
        assert list(reader.news()) == [LogLines(index=0, pod="j-0-a", lines=("two",))]
    assert list(reader.news(is_last=True)) == [LogLines(index=0, pod="j-0-a", lines=("three",))]


def test_logs_come_by_index_and_control_characters_are_shown(tmp_path: Path) -> None:
    log(tmp_path, 10, "j-10-b").write_bytes(b"ten\x1b]0;title\x07\n")
    log(tmp_path, 2, "j-2-a").write_bytes(b"caf\xe9\n")
    log(tmp_path, 2, "j-2-a").with_name("journal.jsonl").write_text("{}\n")
    (tmp_path / "side/pods/j/1/resolved.json").write_text("{}\n")

    first, second = LogReader(FolderStore(tmp_path), "j", "1").news()

    assert (first.index, first.lines) == (2, ("caf�",))
    assert second.lines == ("ten\\x1b]0;title\\x07",)
