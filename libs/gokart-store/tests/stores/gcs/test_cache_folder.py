from pathlib import Path

import pytest
from gokart_store import GokartStoreError, open_store
from gokart_store.stores.gcs.cache_folder import cache_folder, cache_limit_bytes


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    for name in ("XDG_CACHE_HOME", "GOKART_STORE_CACHE", "GOKART_STORE_CACHE_GIB"):
        monkeypatch.delenv(name, raising=False)


def test_copies_lie_in_the_user_s_cache_or_where_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert cache_folder("b", "p").parent == tmp_path / "me/.cache/gokart-store"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder("b", "p").parent == tmp_path / "xdg/gokart-store"
    monkeypatch.setenv("GOKART_STORE_CACHE", "copies")
    assert cache_folder("b", "p").parent == tmp_path / "copies"


def test_each_store_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [cache_folder("b", "p"), cache_folder("b", "q"), cache_folder("b", "")]
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:1")

    assert len({*real, cache_folder("b", "p")}) == 4
    assert all(folder.name.startswith("b-") for folder in real)


@pytest.mark.parametrize(("said", "gib"), [(None, 50), ("", 50), ("0.5", 0.5), ("0", 0)])
def test_the_limit_is_in_gib(monkeypatch: pytest.MonkeyPatch, said: str | None, gib: float) -> None:
    if said is not None:
        monkeypatch.setenv("GOKART_STORE_CACHE_GIB", said)

    assert cache_limit_bytes() == gib * 2**30


@pytest.mark.parametrize("said", ["50G", "-1", "nan"])
def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("GOKART_STORE_CACHE_GIB", said)

    with pytest.raises(GokartStoreError, match=f"CACHE_GIB must be a number of GiB, got {said!r}"):
        open_store("gs://bucket/x")
