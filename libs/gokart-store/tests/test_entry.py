import json
from collections.abc import Callable
from pathlib import Path

import pytest
from gokart_store import (
    Artefact,
    CorruptEntryError,
    FolderStore,
    GokartStoreError,
    MissingEntryError,
    NewerEntryError,
    UnstoredOutputError,
)
from gokart_store.entry import Entry


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return Entry(FolderStore(tmp_path), "cache/module/Task/0123", "0123")


@pytest.fixture
def folder(entry: Entry, tmp_path: Path) -> Path:
    """The folder of the entry, after it was written."""
    write(entry, "first")
    return tmp_path / entry.prefix


def write(entry: Entry, text: str) -> None:
    with entry.writing({"class": "module.Task"}) as payload:
        (payload / "a.txt").write_text(text)
        (payload / "b").mkdir()
        (payload / "b" / "c.bin").write_bytes(b"\0" * 100)


def payload_of(folder: Path) -> Path:
    return folder / json.loads((folder / "manifest.json").read_text())["payload"]


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_nothing_is_there_before_the_block_ends(entry: Entry) -> None:
    with entry.writing({}) as payload:
        (payload / "a.txt").write_text("x")
        assert not entry.is_complete()
        with pytest.raises(MissingEntryError, match=r"Nothing is stored at .*; run its task"):
            entry.manifest()
    assert entry.is_complete()


def test_the_manifest_says_what_the_entry_consists_of(entry: Entry, folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())

    assert manifest["schema"] == 1
    assert manifest["task"] == {"class": "module.Task"}
    assert manifest["files"]["a.txt"] == {
        "size": 5,
        # printf first | sha256sum
        "sha256": "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e",
    }
    assert Artefact(entry).names == ("a.txt", "b/c.bin")


def test_a_block_that_fails_stores_nothing(entry: Entry, tmp_path: Path) -> None:
    def fail() -> None:
        with entry.writing({}) as payload:
            (payload / "a.txt").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not entry.is_complete()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_empty_folder_is_no_entry(entry: Entry) -> None:
    with pytest.raises(UnstoredOutputError, match="No file was written"), entry.writing({}):
        pass
    assert not entry.is_complete()


def test_writing_again_replaces_the_entry(entry: Entry, folder: Path) -> None:
    write(entry, "second")

    assert Artefact(entry).path("a.txt").read_text() == "second"


def test_who_reads_while_another_writes_goes_on_reading(entry: Entry, folder: Path) -> None:
    reader = Artefact(entry)
    write(entry, "second")

    assert reader.path("a.txt").read_text() == "first"


def truncate(folder: Path) -> None:
    path = payload_of(folder) / "a.txt"
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(folder: Path) -> None:
    with (payload_of(folder) / "a.txt").open("ab") as file:
        file.write(b"x")


def remove_a_file(folder: Path) -> None:
    (payload_of(folder) / "b" / "c.bin").unlink()


def cut_the_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[:-20])


def empty_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"")


def spoil_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe\0")


def forget_the_files(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"schema": 1, "payload": "files-0123456789ab"}')


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        lengthen,
        remove_a_file,
        cut_the_manifest,
        empty_the_manifest,
        spoil_the_manifest,
        forget_the_files,
    ],
)
def test_damage_that_is_seen_at_a_glance_counts_as_not_stored(
    entry: Entry, folder: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    damage(folder)

    assert not entry.is_complete()
    assert "was set aside; running its task again stores it anew" in caplog.text
    assert (folder / "manifest.set-aside.json").exists()
    write(entry, "again")
    assert entry.is_complete()
    assert Artefact(entry).path("a.txt").read_text() == "again"


def test_a_flipped_bit_is_seen_when_it_is_read(
    entry: Entry, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flip_a_bit(payload_of(folder) / "a.txt")
    artefact = Artefact(entry)

    assert artefact.path("b/c.bin").read_bytes() == b"\0" * 100
    with pytest.raises(CorruptEntryError, match=r"damaged \(a\.txt is not what was") as caught:
        artefact.path("a.txt")
    assert caught.value.unique_id == "0123"
    assert "a.txt is not what was written" in caplog.text
    assert not entry.is_complete()


def test_a_file_that_is_gone_is_seen_when_it_is_read(entry: Entry, folder: Path) -> None:
    artefact = Artefact(entry)
    remove_a_file(folder)

    with pytest.raises(CorruptEntryError, match=r"b/c\.bin is not what was written"):
        artefact.path("b")


def test_what_was_repaired_meanwhile_is_not_set_aside(entry: Entry, folder: Path) -> None:
    late_reader = Artefact(entry)
    flip_a_bit(payload_of(folder) / "a.txt")
    write(entry, "repaired")

    with pytest.raises(CorruptEntryError):
        late_reader.path("a.txt")
    assert entry.is_complete()
    assert Artefact(entry).path("a.txt").read_text() == "repaired"


def test_an_entry_of_a_newer_version_is_refused_and_left_alone(entry: Entry, folder: Path) -> None:
    path = folder / "manifest.json"
    newer = path.read_text().replace('"schema": 1', '"schema": 2')
    path.write_text(newer)

    for use in (entry.is_complete, entry.manifest):
        with pytest.raises(NewerEntryError, match=r"Task/0123: A .* knows schema 1 at"):
            use()
    assert path.read_text() == newer


@pytest.mark.parametrize("outside", ["../../../../secret", "/etc/passwd"])
def test_a_manifest_cannot_name_files_outside(entry: Entry, folder: Path, outside: str) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace('"a.txt"', json.dumps(outside)))

    assert not entry.is_complete()


def test_a_manifest_cannot_name_a_folder_outside(entry: Entry, folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(path.read_text().replace(payload_of(folder).name, "../other"))

    assert not entry.is_complete()


def test_a_prefix_cannot_lead_outside(tmp_path: Path) -> None:
    with pytest.raises(GokartStoreError, match="must stay below the root"):
        Entry(FolderStore(tmp_path / "store"), "../other", "0").is_complete()


def test_a_record_lies_beside_the_entry(entry: Entry, folder: Path) -> None:
    assert entry.read_record() is None
    entry.write_record({"seconds": 1.5})
    assert entry.read_record() == {"seconds": 1.5}
    (folder / "record.json").write_text("[")
    assert entry.read_record() is None


def test_a_deleted_entry_is_gone_with_all_that_lay_beside_it(entry: Entry, folder: Path) -> None:
    entry.write_record({})
    entry.delete()

    assert not folder.exists()
    assert not entry.is_complete()
