from collections.abc import Callable
from pathlib import Path

import pytest
from gateway import Gateway
from gokart_store import ObjectFolder, StoreAccessError, StoreUrlError, open_store
from gokart_store.stores.gcs.objects import Objects


@pytest.fixture
def put(bucket_url: str) -> Callable[[str, bytes], None]:
    """Writes an object as somebody else would."""
    bucket, _, prefix = bucket_url.removeprefix("gs://").partition("/")
    objects = Objects(bucket, patience_s=5)
    return lambda name, data: objects.write(f"{prefix}/{name}", data)


def test_objects_are_files_below_their_folders(
    bucket_url: str, put: Callable[[str, bytes], None]
) -> None:
    put("orders/day=1/a.csv", b"x\n1\n")
    put("top.csv", b"x\n2\n")
    put("orders/", b"")
    folder = ObjectFolder(bucket_url)
    states = folder.states()
    assert set(states) == {"orders/day=1/a.csv", "top.csv"}
    copies = folder.copies(states)
    assert {name: path.read_bytes() for name, path in copies.items()} == {
        "orders/day=1/a.csv": b"x\n1\n",
        "top.csv": b"x\n2\n",
    }
    path = copies["orders/day=1/a.csv"]
    generation = str(states["orders/day=1/a.csv"].generation)
    assert path.relative_to(folder.folder).parts == ("orders", "day=1", generation, "a.csv")


def test_what_is_cached_is_not_fetched_again(
    bucket_url: str, put: Callable[[str, bytes], None], between: Gateway
) -> None:
    put("a", b"1")
    ObjectFolder(bucket_url).copies(ObjectFolder(bucket_url).states())
    made = len(between.requests)
    folder = ObjectFolder(bucket_url)
    before = folder.states()
    assert [path.read_bytes() for path in folder.copies(before).values()] == [b"1"]
    assert len(between.requests) == made + 1  # the listing
    put("a", b"2")
    after = folder.states()
    assert after["a"].generation != before["a"].generation
    assert folder.copies(after)["a"].read_bytes() == b"2"
    assert folder.copies(before)["a"].read_bytes() == b"1"


def test_an_object_replaced_before_it_was_fetched_is_told(
    bucket_url: str, put: Callable[[str, bytes], None]
) -> None:
    put("a", b"1")
    folder = ObjectFolder(bucket_url)
    states = folder.states()
    put("a", b"2")
    with pytest.raises(StoreAccessError, match=r"/a was replaced or deleted while it was read"):
        folder.copies(states)


def test_names_that_lead_out_of_the_folder_are_refused(
    bucket_url: str, put: Callable[[str, bytes], None], between: Gateway
) -> None:
    # A bucket may hold such a name; the emulator does not.
    put("UP_xyz.csv", b"1")
    for name in (b"../xyz.csv", b"/p_xyz.csv", b"U//xyz.csv", b"U/./yz.csv"):
        between.received = lambda body, name=name: body.replace(b"UP_xyz.csv", name)
        with pytest.raises(StoreAccessError, match="whose name is no path of a file; rename it"):
            ObjectFolder(bucket_url).states()


def test_copies_lie_apart_from_those_of_a_store(bucket_url: str, tmp_path: Path) -> None:
    open_store(bucket_url).write_bytes("a/1/b", b"x")
    folder = ObjectFolder(bucket_url)
    copy = open_store(bucket_url).local_path("a/1/b")
    assert not copy.is_relative_to(folder.folder)
    assert folder.folder.is_relative_to(tmp_path / "cache")


def test_what_is_no_bucket_is_refused() -> None:
    with pytest.raises(StoreUrlError, match="names no bucket"):
        ObjectFolder("gs://X")
