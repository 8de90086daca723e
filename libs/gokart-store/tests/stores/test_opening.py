from pathlib import Path
from typing import Any

import pytest
from gokart_store import FolderStore, StoreUrlError, open_store


def test_paths_and_file_urls_open_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = str(tmp_path / "store")

    for url in ("store", Path("store"), here, f"file://{here}", f"file://localhost{here}"):
        store = open_store(url)
        assert isinstance(store, FolderStore)
        assert store.url == here
    assert not Path(here).exists()


def test_a_file_url_may_hold_spaces_and_other_scripts(tmp_path: Path) -> None:
    folder = tmp_path / "a b 日本"

    assert open_store(folder.as_uri()).url == str(folder)


@pytest.mark.parametrize("url", ["s3://bucket", "http://host/x", "file://elsewhere/x"])
def test_other_places_are_refused(url: str) -> None:
    with pytest.raises(StoreUrlError, match="No store can be opened at"):
        open_store(url)


@pytest.mark.parametrize("url", [3, None, "", [], {}, b"x"])
def test_what_names_no_place_is_refused(url: Any) -> None:
    with pytest.raises(StoreUrlError, match=r"A store lies in a folder or at a gs:// URL, got "):
        open_store(url)


@pytest.mark.parametrize("url", ["gs://me:hunter2@bucket/x", "https://hunter2@host/x"])
def test_credentials_are_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreUrlError, match="carries a user name or a password") as caught:
        open_store(url)

    assert "hunter2" not in str(caught.value)
