"""The command, as people run it."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from reactivation_list import Reactivation, command
from typer.testing import CliRunner, Result

REQUEST = ["--lapsed-after", "20", "--horizon", "30", "--memory", "200", "--model", "linear"]
Run = Callable[..., Result]


@pytest.fixture
def run(shop: Path, made: Reactivation, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(shop)

    def runner(*arguments: str, catalog: str = "catalog.yaml") -> Result:
        options = ["--warehouse", "duckdb:data", "--store", "store", *REQUEST, *arguments]
        return CliRunner().invoke(command._app, [catalog, *options])

    return runner


def test_the_list_is_written_with_its_report(run: Run, shop: Path, made: Reactivation) -> None:
    done = run("--out", "list.parquet", "--report", "report.json")

    assert done.exit_code == 0, done.output
    assert pq.read_table(shop / "list.parquet").equals(made.customers)
    report = json.loads((shop / "report.json").read_text())
    assert report["customers"] == len(made.customers)
    assert report["validation"]["models"][0]["name"] == "linear"
    assert done.stdout == ""
    assert done.stderr == (
        f"Wrote list.parquet: {len(made.customers)} customers; 0 of 25 tasks computed.\n"
    )


def test_csv_holds_the_first_and_the_report_is_printed(
    run: Run, shop: Path, made: Reactivation
) -> None:
    done = run("--out", "list.csv", "--limit", "3")

    assert done.exit_code == 0, done.output
    with (shop / "list.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["entity_id"] for row in rows] == made.customers["entity_id"].to_pylist()[:3]
    assert rows[0]["as_of"] == f"{made.as_of:%Y-%m-%d %H:%M:%S}.000000Z"
    assert done.stdout.startswith(f"# Whom to win back, as of {made.as_of.date()}\n")
    assert "| silence alone (baseline) | 0." in done.stdout
    assert done.stdout.count("Silent for") == 10


def test_the_same_list_has_the_same_bytes(run: Run, shop: Path) -> None:
    for name in ("one.csv", "two.csv", "one.parquet", "two.parquet"):
        assert run("--out", name, "--report", name.replace(".", "-") + ".md").exit_code == 0

    for ending in (".csv", ".parquet", "-csv.md"):
        assert (shop / f"one{ending}").read_bytes() == (shop / f"two{ending}").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "list.xlsx"], "--out list.xlsx must end in one of .csv, .parquet."),
        (["--report", "r.pdf"], "--report r.pdf must end in one of .md, .json."),
        (["--out", "gone/list.csv"], "there is no folder gone; make it first."),
        (["--model", "gbtd"], "There is no kind of model 'gbtd'; did you mean 'gbdt'?"),
        (["--table", "visitors"], "There is no events table 'visitors'"),
        (["--warehouse", "duckdb:nowhere"], "nowhere"),
        (["--as-of", "soon"], "soon"),
        (["--as-of", "2030-01-01"], "lies after the data"),
        (["--horizon", "200"], "The data reach back 299 days before"),
        (["--horizon", "0"], "--horizon"),
        (["--limit", "0"], "--limit"),
    ],
)
def test_bad_input_is_answered_in_one_message(run: Run, arguments: list[str], message: str) -> None:
    done = run("--out", "list.csv", *arguments)

    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_catalogue_is_named(run: Run) -> None:
    done = run("--out", "list.csv", catalog="nowhere.yaml")

    assert done.exit_code == 2
    assert "nowhere.yaml" in done.stderr


def test_a_file_that_cannot_be_written_is_no_defect(run: Run, shop: Path) -> None:
    (shop / "taken.csv").mkdir()

    done = run("--out", "taken.csv")

    assert done.exit_code == 3
    assert done.stderr.endswith("--out taken.csv cannot be written: Is a directory.\n")


def test_a_defect_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reactivation_list.making.cutoffs", lambda *_, **__: 1 // 0)

    done = run("--out", "list.csv")

    assert done.exit_code == 1
    assert "This is a defect of reactivation-list." in done.stderr
    assert "Traceback" in run("--out", "list.csv", "--debug").stderr


def test_a_list_loads_neither_torch_nor_yules_own_command(
    shop: Path, made: Reactivation, tmp_path: Path
) -> None:
    program = (
        "import sys\n"
        "from reactivation_list.command import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "print(sorted({'torch', 'yule_cli', 'yule_runner', 'mlflow'} & set(sys.modules)))"
    )
    arguments = ["catalog.yaml", "--warehouse", "duckdb:data", "--store", "store", *REQUEST]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments, "--out", tmp_path / "list.csv"],
        cwd=shop,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"
