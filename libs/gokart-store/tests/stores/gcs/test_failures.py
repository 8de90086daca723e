"""What goes wrong on the way to a bucket, and what is said of it."""

import gc
import json
from pathlib import Path

import pytest
from gateway import Gateway
from gokart_store import (
    GcsStore,
    StoreAccessError,
    StoreUrlError,
    StoreWriteError,
    open_store,
)
from gokart_store.stores.gcs.objects import Objects

CONTENT = bytes(range(256)) * 400
CANARY = "hunter2"


def refusal(status: int, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"error": {"code": status, "message": message}}).encode()


@pytest.fixture
def store(bucket_url: str, between: Gateway) -> GcsStore:
    _, _, bucket, prefix = bucket_url.split("/", 3)
    return GcsStore(bucket, prefix, patience_s=0.01)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            refusal(403, f"me does not have storage.objects.get access. {CANARY}"),
            r"not allowed to \(storage\.objects\.get is missing\)\. Give it roles/storage\.objectU",
        ),
        (refusal(403, "Forbidden"), r"not allowed to\. Give it roles/storage\.objectUser on the"),
        (refusal(401, CANARY), "no credentials of Google Cloud were found that are valid; log in"),
        (refusal(404, CANARY), r"there is no bucket 'results'\. Correct its name, or create it"),
        (refusal(503, CANARY), r"however often it was asked \(status 503\)\. Look at the network"),
        (refusal(400, CANARY), r"however often it was asked \(status 400\)\. Look at the network"),
    ],
)
def test_refusals_say_what_to_do(
    store: GcsStore, between: Gateway, answer: tuple[int, bytes], says: str
) -> None:
    between.instead = lambda: answer

    with pytest.raises(
        StoreAccessError, match=f"^gs://results cannot be read: .*{says}"
    ) as reading:
        store.read_bytes("x")
    with pytest.raises(StoreAccessError, match=says):
        store.sizes("x")
    with pytest.raises(StoreWriteError, match=f"^gs://results cannot be written to: .*{says}") as e:
        store.write_bytes("x", b"x")
    for error in (reading.value, e.value):
        assert CANARY not in str(error)
        assert error.__suppress_context__


def test_a_missing_bucket_is_no_missing_object(bucket_url: str) -> None:
    store = open_store("gs://no-such-bucket/x")

    with pytest.raises(StoreAccessError, match="there is no bucket 'no-such-bucket'"):
        store.read_bytes("x")
    with pytest.raises(StoreAccessError, match="there is no bucket 'no-such-bucket'"):
        store.local_path("x")
    with pytest.raises(StoreAccessError, match="there is no bucket 'no-such-bucket'"):
        Objects("no-such-bucket", patience_s=5).delete(["x"])


def test_what_fails_in_passing_is_asked_again(bucket_url: str, between: Gateway) -> None:
    store = open_store(bucket_url)
    store.write_bytes("x", CONTENT)
    answers = [refusal(503, "later"), refusal(429, "slower")]
    between.instead = lambda: answers.pop() if answers else None

    assert store.read_bytes("x") == CONTENT
    assert not answers


# The client leaves the dropped connections for Python to collect.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_connection_that_drops_gives_the_whole_or_an_error(
    bucket_url: str, between: Gateway
) -> None:
    store = open_store(bucket_url)
    store.write_bytes("x", CONTENT)
    drops = [1000, 50_000]
    between.received = lambda body: body[: drops.pop()] if drops else body

    assert store.local_path("x").read_bytes() == CONTENT
    assert not drops
    gc.collect()


def flipped(body: bytes) -> bytes:
    return bytes([body[0] ^ 1]) + body[1:]


def test_bytes_that_changed_on_their_way_are_fetched_once_more(
    store: GcsStore, between: Gateway
) -> None:
    store.write_bytes("x", CONTENT)
    times = 1

    def received(body: bytes) -> bytes:
        nonlocal times
        times -= 1
        return flipped(body) if times >= 0 else body

    between.received = received
    assert store.read_bytes("x") == CONTENT

    times = 2
    with pytest.raises(StoreAccessError, match="the bytes differ from their checksum, twice"):
        store.read_bytes("x")


def test_what_is_fetched_once_more_and_is_shorter_by_then_has_no_tail(
    store: GcsStore, between: Gateway
) -> None:
    store.write_bytes("x", CONTENT)

    def received(body: bytes) -> bytes:
        if body != CONTENT:
            return body
        store.write_bytes("x", b"short")
        return flipped(body)

    between.received = received
    assert store.read_bytes("x") == b"short"


def test_bytes_that_changed_on_their_way_are_not_stored(store: GcsStore, between: Gateway) -> None:
    between.sent = lambda body: body.replace(b"content", b"Content")

    with pytest.raises(StoreWriteError, match="cannot be written to"):
        store.write_bytes("x", b"the content")
    assert store.read_bytes("x") is None


@pytest.mark.parametrize("keys", [None, "", f'{{"type": "{CANARY}"}}'])
def test_missing_credentials_are_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str | None
) -> None:
    if keys is not None:
        (tmp_path / "key.json").write_text(keys)
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))

    with pytest.raises(StoreAccessError, match="no credentials of Google Cloud were") as caught:
        open_store("gs://results/x").read_bytes("x")
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("url", ["gs://", "gs:///x", "gs://UPPER/x", "gs://ab", "gs://a..b/x"])
def test_a_url_without_a_bucket_is_refused(url: str) -> None:
    with pytest.raises(StoreUrlError, match="names no bucket: write gs://bucket/prefix"):
        open_store(url)


def test_a_prefix_that_leads_upwards_is_refused() -> None:
    with pytest.raises(StoreUrlError, match="leads upwards"):
        open_store("gs://results/a/../b")
