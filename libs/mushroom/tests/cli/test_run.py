import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store.testing.gcs_emulator import gcs_emulator

ITEMS = ("methods", "run", "article_views", "--table", "views=orders")
TIME = ("--param", "since=2024-01-01", "--param", "until=2024-02-01")


def test_a_table_that_people_read(mushroom: Any, over_shop: Any) -> None:
    done = mushroom(*ITEMS, *TIME, *over_shop)
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        "item  views  viewers  first_viewed          last_viewed\n"
        "───────────────────────────────────────────────────────────────\n"
        "a         2        2  2024-01-01T09:00:00Z  2024-01-02T22:00:00Z\n"
        "b         1        1  2024-01-02T09:00:00Z  2024-01-02T09:00:00Z\n"
    ).replace("─" * 63, "─" * 64)
    assert done.stderr == "2 rows, computed.\n"


def test_the_store_answers_the_second_time(mushroom: Any, over_shop: Any) -> None:
    mushroom(*ITEMS, *TIME, *over_shop)
    assert mushroom(*ITEMS, *TIME, *over_shop).stderr == "2 rows, from the store.\n"
    other = mushroom(*ITEMS, *TIME, "--param", "min_viewers=2", *over_shop)
    assert other.stderr == "1 rows, computed.\n"
    elsewhere = mushroom(*ITEMS, *TIME, *over_shop, "--store", "elsewhere")
    assert elsewhere.stderr == "2 rows, computed.\n"


def test_json_for_programs(mushroom: Any, over_shop: Any) -> None:
    done = mushroom(
        *("methods", "run", "purchases", "--table", "purchases=orders", *TIME, "--json"),
        *("--column", "purchases.amount=revenue", *over_shop),
    )
    found = json.loads(done.stdout)
    assert found["count"] == 2
    assert found["cached"] is False
    assert list(found["columns"])[:3] == ["entity_id", "purchases", "amount"]
    assert found["rows"][0]["amount"] == "5.26"
    assert found["rows"][0]["last_purchase"] == "2024-01-02T09:00:00Z"


def test_files(mushroom: Any, over_shop: Any) -> None:
    for name in ("out.parquet", "out.csv"):
        done = mushroom(*ITEMS, *TIME, *over_shop, "--output", name)
        assert (done.exit_code, done.stdout) == (0, "")
    assert pq.read_table("out.parquet")["item"].to_pylist() == ["a", "b"]
    with Path("out.csv").open(newline="") as file:
        assert [row["views"] for row in csv.DictReader(file)] == ["2", "1"]
    printed = mushroom(*ITEMS, *TIME, *over_shop, "--output", "-")
    assert printed.stdout == Path("out.csv").read_text()
    assert sorted(path.name for path in Path().glob("*out*")) == ["out.csv", "out.parquet"]


@pytest.mark.parametrize(
    "evil", ['=HYPERLINK("http://a.b",A2)', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
)
def test_a_spreadsheet_computes_nothing_that_somebody_wrote(
    mushroom: Any, over_shop: Any, shop: Path, evil: str
) -> None:
    path = shop / "shop.orders.parquet"
    orders = pq.read_table(path)
    items = [evil if item == "a" else item for item in orders["item"].to_pylist()]
    pq.write_table(orders.set_column(4, "item", pa.array(items)), path)
    for name in ("out.csv", "out.parquet"):
        assert mushroom(*ITEMS, *TIME, *over_shop, "--output", name).exit_code == 0
    with Path("out.csv").open(newline="") as file:
        assert [row["item"] for row in csv.DictReader(file)] == [f"'{evil}", "b"]
    assert pq.read_table("out.parquet")["item"].to_pylist() == [evil, "b"]


def test_numbers_of_a_file_stay_numbers(mushroom: Any, over_shop: Any, shop: Path) -> None:
    path = shop / "shop.orders.parquet"
    orders = pq.read_table(path)
    prices = pa.array([-price for price in orders["price"].to_pylist()])
    pq.write_table(orders.set_column(2, "price", prices), path)
    table = ("--table", "purchases=orders", "--column", "purchases.amount=revenue")
    done = mushroom("methods", "run", "purchases", *table, *TIME, *over_shop, "--output", "-")
    assert [row["amount"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["-5.26", "-9.00"]


def test_a_long_answer_is_cut(mushroom: Any, over_shop: Any) -> None:
    done = mushroom(*ITEMS, *TIME, *over_shop, "--rows", "1")
    assert len(done.stdout.splitlines()) == 3
    assert done.stderr == "2 rows, computed, 1 shown; --output FILE takes all.\n"


def test_arrays_are_given_value_by_value(mushroom: Any, over_shop: Any) -> None:
    arguments = ("methods", "run", "funnel", "--table", "events=orders", *TIME)
    steps = ("--param", "steps=a", "--param", "steps=b", "--column", "events.action=item")
    found = json.loads(mushroom(*arguments, *steps, *over_shop, "--json").stdout)
    assert [(row["action"], row["entities"]) for row in found["rows"]] == [("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("article_vews",), "no method named 'article_vews'; did you mean 'article_views'?"),
        (("article_views",), "needs the parameter 'since' of the type timestamp"),
        (("article_views", *TIME), "needs a table of the kind events for 'views'"),
        (
            ("article_views", *TIME, "--table", "views=order"),
            "has no table 'order'; did you mean 'orders'?",
        ),
        (("article_views", "--param", "sinc=1"), "no parameter 'sinc'; did you mean 'since'?"),
        (
            ("article_views", *TIME, "--param", "min_viewers=many", "--table", "views=orders"),
            "'min_viewers' of the method article_views: expected a value of the type int64",
        ),
        (
            ("article_views", *TIME, "--table", "views=orders", "--output", "-", "--json"),
            "--output - and --json both print; give one of them, or a file for --output.",
        ),
        (("article_views", "--param", "since"), "'since' must have the form --param NAME=VALUE."),
        (("article_views", *TIME, *TIME[:2]), "--param since=... is given twice, and takes one"),
        (("article_views", "--table", "a=b", "--table", "a=c"), "--table a=... is given twice"),
        (
            ("article_views", "--column", "views.item=a"),
            "must begin with a name that --table gives",
        ),
        (("article_views", "--output", "out.xls"), "must end in .parquet or .csv"),
        (("article_views", "--output", "no/out.csv"), "there is no folder no; make it first"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    mushroom: Any, over_shop: Any, arguments: tuple[str, ...], message: str
) -> None:
    done = mushroom("methods", "run", *arguments, *over_shop)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_data_is_needed(mushroom: Any) -> None:
    done = mushroom("methods", "run", "sessions")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "give --catalog FILE and --warehouse URL" in done.stderr


def test_debug_shows_where(mushroom: Any) -> None:
    assert "Traceback" in mushroom("methods", "run", "sessions", "--debug").stderr


def test_a_defect_is_told_as_one(mushroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("mushroom.methods.load_method", broken)
    done = mushroom("methods", "show", "sessions")
    assert done.exit_code == 1
    assert "mushroom failed unexpectedly: ZeroDivisionError: oh" in done.stderr


def test_ctrl_c_has_its_own_code(mushroom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mushroom.methods.load_method", interrupted)
    assert mushroom("methods", "show", "sessions").exit_code == 130


def test_a_bucket_keeps_answers(
    mushroom: Any, over_shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOKART_STORE_CACHE", str(tmp_path / "copies"))
    bucket = ("--store", "gs://answers/team")
    with gcs_emulator("answers") as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        assert mushroom(*ITEMS, *TIME, *over_shop, *bucket).stderr == "2 rows, computed.\n"
        assert mushroom(*ITEMS, *TIME, *over_shop, *bucket).stderr == "2 rows, from the store.\n"
