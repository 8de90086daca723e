"""Methods of a team and of installed packages, beside mushroom's own."""

import sys
from pathlib import Path

import pytest
from mushroom import CatalogError, MethodError, load_catalog, load_method, method_names

TEXT = "/* summary: One row. */ SELECT 1 AS one ORDER BY one"
CATALOG = """\
methods: {folder}
tables:
  orders: {{kind: events, table: orders, entity: who, time: at}}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours/kpis.sql").write_text(TEXT)
    (tmp_path / "ours/notes.txt").write_text("no method")
    path = tmp_path / "catalog.yaml"
    path.write_text(CATALOG.format(folder="ours"))
    return path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package with the method `margins`."""
    folder = tmp_path / "site/acme_sql/methods"
    folder.mkdir(parents=True)
    for module in (folder, folder.parent):
        (module / "__init__.py").touch()
    (folder / "margins.sql").write_text(TEXT)
    info = tmp_path / "site/acme_sql-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-sql\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[mushroom.methods]\nacme = acme_sql.methods\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    for module in ("acme_sql", "acme_sql.methods"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return folder


def test_a_team_s_methods_stand_beside_mushroom_s(team: Path) -> None:
    catalog = load_catalog(team)
    assert {"kpis", "sessions"} < set(method_names(catalog))
    assert "kpis" not in method_names()
    method = load_method("kpis", catalog)
    assert method.declaration.summary == "One row."
    assert method.place == str(team.parent / "ours/kpis.sql")


def test_the_catalogue_carries_them_to_where_the_folder_is_not(team: Path) -> None:
    catalog = load_catalog(team)
    carried = type(catalog).model_validate(catalog.as_json())
    (team.parent / "ours/kpis.sql").unlink()
    assert load_method("kpis", carried).text == TEXT


def test_packages_bring_methods(package: Path) -> None:
    assert "margins" in method_names()
    assert load_method("margins").place == "acme_sql/methods/margins.sql"


def test_names_that_clash_are_refused_with_both_places(team: Path, package: Path) -> None:
    (team.parent / "ours/sessions.sql").write_text(TEXT)
    with pytest.raises(
        MethodError,
        match=r"two methods named 'sessions': mushroom/methods/builtin/sessions.sql and "
        r".*/ours/sessions.sql; rename one",
    ):
        method_names(load_catalog(team))
    (team.parent / "ours/sessions.sql").unlink()
    (package / "kpis.sql").write_text(TEXT)
    with pytest.raises(MethodError, match=r"acme_sql/methods/kpis.sql and .*/ours/kpis.sql"):
        load_method("sessions", load_catalog(team))


def test_a_package_that_is_broken_is_named(package: Path) -> None:
    info = package.parents[1] / "acme_sql-1.0.dist-info/entry_points.txt"
    info.write_text("[mushroom.methods]\nacme = acme_sql.nothing\n")
    with pytest.raises(MethodError, match=r"methods of acme_sql.nothing, which the entry point 'a"):
        method_names()


def test_a_folder_that_is_not_there_is_told_with_its_line(team: Path) -> None:
    team.write_text(CATALOG.format(folder="theirs"))
    message = r"catalog.yaml:1: `methods`: the folder of methods .*theirs' cannot be read: No such"
    with pytest.raises(CatalogError, match=message):
        load_catalog(team)


def test_a_method_that_is_no_utf8_is_told(team: Path) -> None:
    (team.parent / "ours/kpis.sql").write_bytes(b"\xff")
    with pytest.raises(CatalogError, match="save its files as UTF-8"):
        load_catalog(team)
