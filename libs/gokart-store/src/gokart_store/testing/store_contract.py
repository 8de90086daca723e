"""What every store must keep to."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

import threading

import pytest

from gokart_store.errors import GokartStoreError
from gokart_store.stores import Store, open_store
from gokart_store.testing.claim_contract import ClaimContract

__all__ = ["StoreContract"]

_KEY = "cache/a module.Task/0 1/日本 🍄.json"
_CONTENTS = (b"", b"x", bytes(range(256)) * 1000)


class StoreContract(ClaimContract):
    """The laws of stores; a subclass has a fixture `store`, which returns an empty one."""

    def test_what_was_never_written_is_not_there(self, store: Store) -> None:
        """Reading, listing and deleting nothing is no error."""
        assert store.read_bytes(_KEY) is None
        assert not store.sizes("cache")
        store.delete("cache")
        store.delete(_KEY)

    @pytest.mark.parametrize("content", _CONTENTS, ids=["empty", "one", "many"])
    def test_bytes_come_back(self, store: Store, content: bytes) -> None:
        """All bytes are kept, at any length."""
        store.write_bytes(_KEY, content)

        assert store.read_bytes(_KEY) == content
        assert store.local_path(_KEY).read_bytes() == content

    def test_writing_again_replaces(self, store: Store) -> None:
        """The last writer wins, with a shorter content too."""
        store.write_bytes(_KEY, b"the first")
        store.write_bytes(_KEY, b"2nd")

        assert store.read_bytes(_KEY) == b"2nd"

    def test_a_reader_sees_one_writer_s_bytes(self, store: Store) -> None:
        """Writes are atomic: what is read is never a mixture, and never missing."""
        contents = [bytes([65 + writer]) * 200_000 for writer in range(2)]
        store.write_bytes(_KEY, contents[0])

        def write(content: bytes) -> None:
            for _ in range(20):
                store.write_bytes(_KEY, content)

        writers = [threading.Thread(target=write, args=[content]) for content in contents]
        for writer in writers:
            writer.start()
        seen = {store.read_bytes(_KEY)}
        while any(writer.is_alive() for writer in writers):
            seen.add(store.read_bytes(_KEY))
        for writer in writers:
            writer.join()

        assert seen <= set(contents)

    def test_a_folder_is_published_with_all_its_files(self, store: Store) -> None:
        """Files keep their names below the prefix, in folders of their own too."""
        with store.scratch() as scratch:
            folder = scratch / "built"
            (folder / "deep/er").mkdir(parents=True)
            (folder / "a.txt").write_bytes(b"aa")
            (folder / "deep/er/日本.bin").write_bytes(b"")
            store.publish(folder, "cache/entry/files")

        assert store.sizes("cache/entry/files") == {"a.txt": 2, "deep/er/日本.bin": 0}
        assert store.sizes("cache/entry") == {"files/a.txt": 2, "files/deep/er/日本.bin": 0}
        assert store.local_path("cache/entry/files/a.txt").read_bytes() == b"aa"

    def test_a_prefix_is_a_folder_and_no_beginning_of_a_name(self, store: Store) -> None:
        """`cache/1` lists and deletes nothing of `cache/10`."""
        store.write_bytes("cache/1/a", b"a")
        store.write_bytes("cache/10/b", b"b")

        assert store.sizes("cache/1") == {"a": 1}
        store.delete("cache/1")
        assert store.sizes("cache") == {"10/b": 1}

    def test_scratch_folders_are_empty_apart_and_gone_afterwards(self, store: Store) -> None:
        """Nothing of a scratch folder is seen in the store, and nothing of it stays."""
        with store.scratch() as first, store.scratch() as second:
            assert first != second
            assert not list(first.iterdir())
            (first / "x").write_bytes(b"x")
            assert not list(second.iterdir())
            assert not store.sizes("cache")
        assert not first.exists()
        assert not second.exists()

    def test_scratch_folders_go_after_an_error_too(self, store: Store) -> None:
        """The error passes through."""
        lent = []

        def fail() -> None:
            with store.scratch() as scratch:
                lent.append(scratch)
                (scratch / "x").write_bytes(b"x")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert not lent[0].exists()

    def test_a_side_folder_stays_where_it_is(self, store: Store) -> None:
        """The same prefix gives the same folder, with what was put there."""
        (store.side_folder("side/curves/1") / "events").write_bytes(b"x")

        assert (store.side_folder("side/curves/1") / "events").read_bytes() == b"x"
        assert store.side_folder("side/curves/2") != store.side_folder("side/curves/1")

    def test_what_was_shared_is_seen(self, store: Store) -> None:
        """When the block has ended, with all files and nothing of another folder."""
        with store.sharing("side/curves/1") as folder:
            (folder / "deep").mkdir()
            (folder / "deep/events").write_bytes(b"x")

        shared = store.shared("side/curves/1")
        assert (shared / "deep/events").read_bytes() == b"x"
        assert not list(store.shared("side/curves/2").iterdir())

    def test_what_was_published_fits(self, store: Store) -> None:
        """And a copy from before will do."""
        with store.scratch() as scratch:
            folder = scratch / "built"
            folder.mkdir()
            (folder / "a.txt").write_bytes(b"aa")
            store.publish(folder, "cache/entry/files")

        assert store.misfit("cache/entry/files", {"a.txt": 2}) is None
        for _ in range(2):
            path = store.local_path("cache/entry/files/a.txt", may_be_kept=True)
            assert path.read_bytes() == b"aa"
        assert not store.local_path("cache/entry/files/b.txt", may_be_kept=True).exists()

    def test_the_url_opens_the_same_store(self, store: Store) -> None:
        """Another process reaches the store by its URL."""
        store.write_bytes(_KEY, b"x")

        assert open_store(store.url).read_bytes(_KEY) == b"x"

    def test_nothing_young_is_swept(self, store: Store) -> None:
        """Sweeping leaves what is stored, and what is being written."""
        store.write_bytes(_KEY, b"x")
        with store.scratch() as scratch:
            assert store.sweep(older_than_s=3600) == 0
            assert scratch.exists()
        assert store.read_bytes(_KEY) == b"x"

    @pytest.mark.parametrize("key", ["", "..", "../x", "a/../../x", "/etc/passwd"])
    def test_keys_stay_inside(self, store: Store, key: str) -> None:
        """A key that leads out of the store is refused by every method."""
        for use in (
            lambda: store.read_bytes(key),
            lambda: store.write_bytes(key, b""),
            lambda: store.sizes(key),
            lambda: store.misfit(key, {}),
            lambda: store.shared(key),
            lambda: store.sharing(key).__enter__(),
            lambda: store.local_path(key),
            lambda: store.delete(key),
            lambda: store.side_folder(key),
            lambda: store.claim(key).__enter__(),
        ):
            with pytest.raises(GokartStoreError, match="not a key of a store"):
                use()
