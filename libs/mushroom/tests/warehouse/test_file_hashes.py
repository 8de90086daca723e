import hashlib
import json
import os
from pathlib import Path

import pytest
from mushroom.errors import SnapshotChangedError
from mushroom.warehouse import file_hashes
from mushroom.warehouse.file_hashes import FileHashes

A, B = (hashlib.sha256(data).hexdigest() for data in (b"a", b"b"))


def test_a_state_of_a_file_is_read_once(tmp_path: Path) -> None:
    file, memo = tmp_path / "file", tmp_path / "cache" / "memo.json"
    file.write_bytes(b"a")
    assert FileHashes(memo).sha256(file) == A
    memo.write_text(memo.read_text().replace(A, "what the memo says"))

    assert FileHashes(memo).sha256(file) == "what the memo says"


def test_a_hand_that_hides_its_traces_is_noticed(tmp_path: Path) -> None:
    file, memo = tmp_path / "file", tmp_path / "memo.json"
    file.write_bytes(b"a")
    os.utime(file, ns=(1, 1))
    assert FileHashes(memo).sha256(file) == A
    hashed = file.stat()

    file.write_bytes(b"b")
    os.utime(file, ns=(1, 1))
    while file.stat().st_ctime_ns == hashed.st_ctime_ns:  # the system's clock ticks in ms
        os.utime(file, ns=(1, 1))

    assert FileHashes(memo).sha256(file) == B


@pytest.mark.parametrize("seconds", [0, 2**33], ids=["long ago", "in the future"])
def test_a_clock_that_was_set_changes_no_hash(tmp_path: Path, seconds: int) -> None:
    file, memo = tmp_path / "file", tmp_path / "memo.json"
    file.write_bytes(b"a")
    assert FileHashes(memo).sha256(file) == A
    for path in (file, memo):
        os.utime(path, (seconds, seconds))

    assert FileHashes(memo).sha256(file) == A
    file.write_bytes(b"b")
    assert FileHashes(memo).sha256(file) == B


def test_a_memo_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a")

    assert FileHashes(file / "no folder" / "memo.json").sha256(file) == A


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    hashes = FileHashes(tmp_path / "memo.json")
    file.write_bytes(b"a")
    os.utime(file, ns=(1, 1))
    assert hashes.sha256(file) == A
    file.write_bytes(b"b")
    assert hashes.sha256(file) == B


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}'])
def test_a_damaged_memo_is_ignored(tmp_path: Path, text: str) -> None:
    file, memo = tmp_path / "file", tmp_path / "memo.json"
    file.write_bytes(b"a")
    memo.write_text(text)
    assert FileHashes(memo).sha256(file) == A
    assert [known[3] for known in json.loads(memo.read_text()).values()] == [A]


def test_two_processes_share_one_memo(tmp_path: Path) -> None:
    one, two, memo = tmp_path / "one", tmp_path / "two", tmp_path / "memo.json"
    one.write_bytes(b"a")
    two.write_bytes(b"b")
    first, second = FileHashes(memo), FileHashes(memo)
    first.sha256(one)
    second.sha256(one)
    first.sha256(two)
    second.sha256(two)
    assert {known[3] for known in json.loads(memo.read_text()).values()} == {A, B}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_change_in_mid_read_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"a")
    read = hashlib.file_digest

    def read_while_someone_writes(*arguments: object) -> object:
        file.write_bytes(b"ab")
        return read(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(file_hashes.hashlib, "file_digest", read_while_someone_writes)
    with pytest.raises(SnapshotChangedError, match=r"changed while it was read; run again later"):
        FileHashes().sha256(file)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotChangedError, match=r"file is gone; bring it back, or plan a new"):
        FileHashes().sha256(tmp_path / "file")


def test_what_another_process_has_noted_meanwhile_stays(tmp_path: Path) -> None:
    memo, files = tmp_path / "memo.json", [tmp_path / name for name in "abc"]
    for file in files:
        file.write_bytes(b"a")
    one, other = FileHashes(memo), FileHashes(memo)
    for hashes, file in zip((one, other, one), files, strict=True):
        hashes.sha256(file)

    assert set(json.loads(memo.read_text())) == set(map(str, files))
