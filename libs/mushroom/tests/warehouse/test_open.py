import sys
from pathlib import Path

import pytest
from mushroom import WarehouseError, open_warehouse


def test_paths_start_from_the_root(shop: Path) -> None:
    warehouse = open_warehouse("duckdb:shop", root=shop.parent)
    assert warehouse.tables() == ("labels", "people", "shop.orders")
    assert warehouse.url == "duckdb:shop"


@pytest.mark.parametrize("url", ["shop", "duckdb:", "sqlite:shop.db", ""])
def test_other_addresses_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(WarehouseError, match=r"Unknown warehouse '.*': write duckdb:FOLDER or"):
        open_warehouse(url, root=tmp_path)


def test_nothing_at_the_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"no warehouse at .*/shop: neither a folder nor a"):
        open_warehouse("duckdb:shop", root=tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shop.duckdb").write_text("not a database, only some text" * 1000)
    with pytest.raises(WarehouseError, match=r"shop.duckdb cannot be opened as a DuckDB database"):
        open_warehouse("duckdb:shop.duckdb", root=tmp_path)


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.cloud.bigquery", None)
    with pytest.raises(WarehouseError, match=r"pip install 'mushroom\[bigquery\]'"):
        open_warehouse("bigquery://acme/shop", root=tmp_path)


def test_no_credentials_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BIGQUERY_EMULATOR_HOST", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    with pytest.raises(WarehouseError, match="gcloud auth application-default login"):
        open_warehouse("bigquery://acme/shop", root=tmp_path).tables()
