"""The command line takes values and names, never SQL."""

import json
from typing import Any

import pytest

pytestmark = pytest.mark.one_python

ATTEMPTS = [
    "a'; DROP TABLE orders; --",
    "a') UNION ALL SELECT country FROM people --",
    "a` FROM people --",
    "=a",
    "a=b=c",
    "--catalog",
    "a\nb",
]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_value_is_only_compared(mushroom: Any, over_shop: Any, attempt: str) -> None:
    done = mushroom(
        *("methods", "run", "conversions", "--table", "events=orders", "--json", *over_shop),
        *("--column", "events.action=item", "--param", f"actions={attempt}"),
        *("--param", "since=2024-01-01", "--param", "until=2024-02-01"),
    )
    assert done.exit_code == 0, done.stderr
    assert [row["conversions"] for row in json.loads(done.stdout)["rows"]] == [0, 0]


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize(
    "option", ["--table=events={}", "--table={}=orders", "--param={}=1", "--column=events.item={}"]
)
def test_a_name_must_be_known(mushroom: Any, over_shop: Any, option: str, attempt: str) -> None:
    given = option.format(attempt)
    table = () if given.startswith("--table=events") else ("--table", "events=orders")
    done = mushroom("methods", "run", "entity_items", *table, given, *over_shop)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
