from pathlib import Path
from typing import Any

import pytest
from mushroom import method_names
from mushroom.methods.check import check_method

SOUND = """\
/*
summary: What each item brought in.
returns:
  item: {type: string, doc: The item.}
  amount: {type: numeric, doc: The sum.}
tables:
  sales: {kind: events, measures: [amount], categories: [item], doc: The log of sales.}
parameters:
  since: {type: timestamp, doc: The first moment that counts.}
*/
SELECT
  item,
  SUM(amount) AS amount
FROM sales
WHERE event_time >= @since
GROUP BY item
ORDER BY item
"""


def check(mushroom: Any, text: str, *arguments: str) -> Any:
    Path("best.sql").write_text(text)
    return mushroom("methods", "check", "best.sql", *arguments)


def test_a_sound_method(mushroom: Any) -> None:
    done = check(mushroom, SOUND)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "best.sql is a sound method: best returns item, amount.\n"


@pytest.mark.parametrize("name", method_names())
def test_mushroom_s_own_methods_are_sound(name: str) -> None:
    import mushroom.methods

    folder = Path(mushroom.methods.__file__).parent / "builtin"
    assert check_method(folder / f"{name}.sql").name == name


def test_over_a_catalogue(mushroom: Any, over_shop: Any) -> None:
    columns = ("--column", "sales.amount=revenue")
    done = check(mushroom, SOUND, "--table", "sales=orders", *columns, *over_shop)
    assert done.exit_code == 0, done.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "SUM(amount)",
            "SUM(price)",
            "best.sql:13: the warehouse refuses the query: Binder Error: ",
        ),
        ("SUM(amount)", "FARM_FINGERPRINT(item)", "best.sql:13: the function FARM_FINGERPRINT is"),
        (
            "SUM(amount)",
            "ARRAY_AGG(item\n LIMIT 2)",
            "best.sql:13: ARRAY_AGG(item LIMIT 2) cannot be run on DuckDB: LIMIT inside",
        ),
        ("type: numeric", "type: int64", "best.sql:3: the column 'amount' is declared as int64"),
        ("  item: {type: string, doc: The item.}\n", "", "best.sql:3: its column 'item' is not d"),
        (", doc: The sum.", "", "best.sql:5: `returns.amount` has no `doc`: say what it means."),
        ("summary: What each item brought in.\n", "", "best.sql:1: `summary` is missing"),
        ("FROM sales", "FROM sales, others", "best.sql:14: the query reads 'others', which is no"),
        ("@since", "@sine", "best.sql:15: @sine is used without declaring its type; did you mean"),
        ("kind: events,", "kind: event,", "best.sql:7: `tables.sales.kind`: Input should be 'ev"),
        ("GROUP BY item\n", "", "best.sql:12: the warehouse refuses the query: "),
    ],
)
def test_faults_have_lines(mushroom: Any, old: str, new: str, message: str) -> None:
    assert old in SOUND
    done = check(mushroom, SOUND.replace(old, new))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("nowhere.sql",),
            "nowhere.sql cannot be read: No such file or directory; check the path.",
        ),
        (("odd.sql",), "odd.sql is not UTF-8; save it as UTF-8."),
        (
            ("best.sql", "--warehouse", "duckdb:shop"),
            "Give both --catalog and --warehouse, or none",
        ),
    ],
)
def test_what_cannot_be_checked(mushroom: Any, arguments: tuple[str, ...], message: str) -> None:
    Path("odd.sql").write_bytes(b"\xff")
    Path("best.sql").write_text(SOUND)
    done = mushroom("methods", "check", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
