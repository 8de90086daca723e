"""A case that leaves its machine by a store, and comes out whole elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from gokart_store import open_store
from mushroom import load_catalog
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.packing import packed, unpacked

METHOD = "-- Orders that were sent back; größer als null.\nselect 1\n"


def through(case: Path, store: Path) -> Path:
    return unpacked(str(store), packed(load_case(case)[1], str(store)))


def test_a_case_comes_out_as_it_went_in_but_for_its_places(case: Path, tmp_path: Path) -> None:
    there, document = load_case(through(case, tmp_path / "store"))
    here, _ = load_case(case)

    assert there.warehouse == f"duckdb:{case.parent / 'data'}"
    assert document.path.parent != case.parent
    assert there == here.model_copy(update={"warehouse": there.warehouse})
    before, after = (load_catalog(each.parent / "catalog.yaml") for each in (case, document.path))
    assert after.as_json() == before.as_json()


def test_a_path_by_a_link_stays_one(case: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    volume = tmp_path_factory.mktemp("mnt") / "shared"
    volume.symlink_to(case.parent)
    there, _ = load_case(through(volume / "case.yaml", case.parent / "store"))
    assert there.warehouse == f"duckdb:{volume / 'data'}"


def test_a_warehouse_elsewhere_keeps_its_url(case: Path, tmp_path: Path) -> None:
    text = case.read_text()
    for url in ("duckdb:gs://bucket/shop", "bigquery://project/shop?location=EU"):
        case.write_text(text.replace("duckdb:data", url))
        assert load_case(through(case, tmp_path / "store"))[0].warehouse == url


def test_the_methods_of_a_team_come_along(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "our queries"
    folder.mkdir()
    (folder / "returns.sql").write_text(METHOD, encoding="utf-8")
    catalog = case.parent / "catalog.yaml"
    catalog.write_text(catalog.read_text() + "methods: our queries\n")

    path = through(case, tmp_path / "store")

    found = load_catalog(path.parent / "catalog.yaml")
    assert found.method_texts == {"returns": METHOD}
    assert Path(str(found.methods)).is_relative_to(path.parent)


def test_another_case_under_the_name_is_refused(case: Path, tmp_path: Path) -> None:
    key = packed(load_case(case)[1], str(tmp_path))
    open_store(tmp_path).write_bytes(key, b"{}")
    with pytest.raises(CaseError, match="is not the case that the driver was started for"):
        unpacked(str(tmp_path), key)


def test_a_case_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="is not the case"):
        unpacked(str(tmp_path), "cases/1.json")
