"""A population at one time, or rows with a time each: one of them is said."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import EntityRows
from resolving import resolved
from yule_cli.errors import CaseError
from yule_cli.graph import compose

POPULATION = "score: {population: orders}"


def say(case: Path, score: str) -> None:
    text = case.read_text()
    case.write_text(text.replace(POPULATION, f"score: {score}"))


def ask(case: Path, columns: dict[str, list[object]], rows: str = "asked") -> None:
    pq.write_table(pa.table(columns), case.parent / "data/asked.parquet")
    say(case, f"{{rows: {rows}}}")


def test_rows_have_the_columns_of_the_labels(case: Path) -> None:
    ask(case, {"customer": [1], "as_of": ["1970-02-01"]})

    found = resolved(case)

    rows = {"table": "asked", "entity": "customer", "as_of": "as_of"}
    assert found.score == {"rows": rows, "shards": 4, "contact": {}}
    assert set(found.source["snapshot"]) == {"orders", "labels", "asked"}
    assert "the rows of asked scored as of their times in 4 shards" in found.headline()
    population = compose(found).population
    assert isinstance(population, EntityRows)
    assert population.rows.value == rows


def test_rows_tell_auto_whom_features_are_about(case: Path) -> None:
    before = resolved(case).features
    ask(case, {"customer": [1], "as_of": ["1970-02-01"]})

    assert resolved(case).features == before


@pytest.mark.parametrize(
    ("columns", "rows", "message"),
    [
        ({}, "other", "case.yaml:10: `score.rows` cannot be used: "),
        (
            {"customer": [1], "at": [2]},
            "asked",
            "case.yaml:10: `score.rows` cannot be used: The table 'asked' has no column 'as_of' "
            "for as_of; it has at, customer. Its columns must be called as those of the labels.",
        ),
        (
            {"customer": ["a"], "as_of": [2]},
            "asked",
            "`score.rows` is 'asked', whose column 'customer' is of the type STRING, and that of "
            "the labels 'labels' is INT64; store ids in one type everywhere.",
        ),
    ],
)
def test_unusable_rows_are_refused(
    case: Path, columns: dict[str, list[object]], rows: str, message: str
) -> None:
    ask(case, columns or {"customer": [1]}, rows)

    with pytest.raises(CaseError, match=re.escape(message)):
        resolved(case)


@pytest.mark.parametrize(
    ("score", "message"),
    [
        ("{}", "name a `population` of the catalogue, or a table of `rows`"),
        ("{rows: a, population: orders}", "leave out `population`"),
        ("{rows: a, as_of: latest}", "leave out `as_of`"),
    ],
)
def test_one_of_both_is_said(case: Path, score: str, message: str) -> None:
    say(case, score)

    with pytest.raises(CaseError, match=rf"^case\.yaml:10: `score` .*{re.escape(message)}"):
        resolved(case)
