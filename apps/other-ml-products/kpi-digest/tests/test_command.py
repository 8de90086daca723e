"""The command, as people run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from kpi_digest import command
from typer.testing import CliRunner, Result


def run(shop: Path, *arguments: str, catalog: str = "catalog.yaml") -> Result:
    options = ["--warehouse", "duckdb:data", *arguments]
    before = Path.cwd()
    os.chdir(shop)
    try:
        return CliRunner().invoke(command._app, [catalog, *options])
    finally:
        os.chdir(before)


def test_files_hold_what_their_endings_say(shop: Path) -> None:
    outputs = [part for name in ("d.html", "d.md", "d.json") for part in ("--out", name)]

    done = run(shop, *outputs, "--weeks", "2", "--title", "Visitors")

    assert done.exit_code == 0, done.output
    assert (shop / "d.html").read_text().startswith("<!doctype html>")
    assert (shop / "d.md").read_text().startswith("# Visitors: 2024-W22\n")
    assert len(json.loads((shop / "d.json").read_text())["weeks"]) == 2
    assert done.stdout == ""
    assert "Wrote d.html: Visitors, 2024-W22." in done.stderr


def test_without_a_file_markdown_is_printed(shop: Path) -> None:
    done = run(shop, "--last", "2024-W20")

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("# Users of visits: 2024-W20\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--last", "2024-W30"], "The week 2024-W30 cannot be told: the data reach from"),
        (["--last", "May"], "'May' is no ISO week"),
        (["--out", "digest.pdf"], "--out digest.pdf must end in one of .html, .md, .json."),
        (["--out", "gone/d.md"], "--out gone/d.md: there is no folder gone; make it first."),
        (["--table", "visitors"], "There is no events table 'visitors'"),
        (["--warehouse", "duckdb:nowhere"], "nowhere"),
        (["--warehouse", "mysql://host"], "Unknown warehouse 'mysql://host'"),
        (["--store", "s3://bucket"], "No store can be opened at 's3://bucket'"),
        (["--weeks", "0"], "--weeks"),
        (["--table", "visits'; DROP TABLE visits; --"], "There is no events table"),
    ],
)
def test_bad_input_is_answered_in_one_message(
    shop: Path, arguments: list[str], message: str
) -> None:
    done = run(shop, *arguments)

    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_missing_catalogue_is_named(shop: Path) -> None:
    done = run(shop, catalog="nowhere.yaml")

    assert done.exit_code == 2
    assert "nowhere.yaml" in done.stderr


def test_a_file_that_cannot_be_written_is_no_defect(shop: Path) -> None:
    (shop / "taken.md").mkdir()

    done = run(shop, "--out", "taken.md")

    assert done.exit_code == 3
    assert done.stderr == "--out taken.md cannot be written: Is a directory.\n"
    assert sorted(path.name for path in shop.iterdir() if path.name.startswith(".")) == [
        ".kpi-digest"
    ]


def test_a_defect_says_so(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi_digest.reading.chosen_weeks", lambda *_, **__: 1 // 0)

    assert "This is a defect of kpi-digest." in run(shop).stderr
    assert run(shop).exit_code == 1
    assert "Traceback" in run(shop, "--debug").stderr


def test_help_loads_neither_matplotlib_nor_duckdb() -> None:
    program = (
        "import sys; sys.argv = ['kpi-digest', '--help']\n"
        "from kpi_digest.command import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "print(sorted({'matplotlib', 'duckdb', 'gokart', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
