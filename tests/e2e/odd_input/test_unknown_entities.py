"""Entities that no table knows: they keep their rows, and the run says how many there are."""

import html
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from shop import CUSTOMERS, run_yule
from variants import people, predictions, quick_shop, run, table, write

STRANGERS = 20
BIG = 2**62  # ids need all digits of an int64
AS_OF_US = np.datetime64("2024-08-28", "us").astype("int64")


def moved(rows: pa.Table) -> pa.Table:
    ids = pa.array(rows["customer"].to_numpy() + BIG)
    return rows.set_column(rows.column_names.index("customer"), "customer", ids)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = quick_shop(tmp_path_factory.mktemp("strangers"))
    for name in ("visits", "orders"):
        write(case, name, moved(table(case, name)))
    labels = moved(table(case, "labels"))
    newcomer = labels.slice(0, 1).set_column(0, "customer", pa.array([BIG - 1]))
    write(case, "labels", pa.concat_tables([labels, newcomer]))
    people(case, {"customer": np.arange(CUSTOMERS + STRANGERS) + BIG, "shoe": np.arange(260) % 9})
    return case


@pytest.fixture(scope="module")
def printed(case: Path) -> dict[str, Any]:
    return run(case)


def unknown(case: Path, rows: list[tuple[int, int]]) -> int:
    """How many (customer, as_of) have neither an order nor a visit by then."""
    first: dict[int, int] = {}
    for name in ("visits", "orders"):
        events = table(case, name)
        times = events["at"].cast(pa.int64()).to_pylist()
        for who, at in zip(events["customer"].to_pylist(), times, strict=True):
            first[who] = min(at, first.get(who, at))
    return sum(who not in first or first[who] > as_of for who, as_of in rows)


def test_everybody_is_scored(printed: dict[str, Any]) -> None:
    rows = predictions(printed)
    assert sorted(rows["entity_id"].to_pylist()) == [BIG + i for i in range(260)]


def test_strangers_without_a_history_get_one_and_the_same_score(printed: dict[str, Any]) -> None:
    rows = predictions(printed)
    scores = dict(zip(rows["entity_id"].to_pylist(), rows["ordered"].to_pylist(), strict=True))
    assert len({scores[BIG + i] for i in range(CUSTOMERS, CUSTOMERS + STRANGERS)}) == 1


def test_unknown_rows_are_counted(case: Path, printed: dict[str, Any]) -> None:
    labels = table(case, "labels")
    as_of = labels["as_of"].cast(pa.int64()).to_pylist()
    labelled = list(zip(labels["customer"].to_pylist(), as_of, strict=True))
    everybody = [(BIG + i, int(AS_OF_US)) for i in range(CUSTOMERS + STRANGERS)]

    training, population = printed["data"]["training"], printed["data"]["population"]

    assert training["rows"] == labels.num_rows
    assert training["unknown_rows"] == unknown(case, labelled) >= 1
    assert population["rows"] == CUSTOMERS + STRANGERS
    assert population["unknown_rows"] == unknown(case, everybody) >= STRANGERS


def test_people_are_told(case: Path, printed: dict[str, Any]) -> None:
    count = printed["data"]["population"]["unknown_rows"]
    told = f"{count} of 260 rows: no table of the features knows the entity at that time."

    again = run_yule("run", case)

    assert again.returncode == 0, again.stderr
    assert "Worth knowing about the data" in again.stdout
    assert told in " ".join(again.stdout.split())
    page = html.unescape(Path(printed["paths"]["report"]).read_text(encoding="utf-8"))
    assert told in page
