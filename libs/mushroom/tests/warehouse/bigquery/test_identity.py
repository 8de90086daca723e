from datetime import UTC, datetime

import pyarrow as pa
import pytest
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query, Value
from mushroom.warehouse.bigquery.address import TableName
from mushroom.warehouse.bigquery.compile import compile_query, table_rows
from mushroom.warehouse.bigquery.identity import job_id, labels_of
from mushroom.warehouse.digests import rows_digest

TABLE = TableName(project="acme", dataset="shop", table="t")


def query(text: str = "SELECT x FROM t JOIN mine USING (x) WHERE x > @n", n: Value = 1) -> Query:
    rows = LocalRows(rows=pa.table({"x": [1, 2]}))
    return Query(
        tree=parse_query(text),
        parameters={"n": n},
        relations={"t": PhysicalTable(name="t"), "mine": rows},
    )


def identity(asked: Query, *, moment: str = "", state: str = "a") -> str:
    return job_id(asked, text=asked.sql, moment=moment, states={"t": state})


def test_the_same_question_has_the_same_id() -> None:
    assert identity(query()) == identity(query())
    assert identity(query()).startswith("mushroom-")


@pytest.mark.parametrize(
    "other",
    [
        identity(query("SELECT x FROM t JOIN mine USING (x) WHERE x >= @n")),
        identity(query(n=2)),
        identity(query(n=1.0)),
        identity(query(n="1")),
        identity(query().with_rows("mine", pa.table({"x": [2, 1]}))),
        identity(query().with_rows("mine", pa.table({"x": ["1", "2"]}))),
        identity(query(), moment="2026-11-24T19:00:00+00:00"),
        identity(query(), state="b"),
    ],
)
def test_another_question_has_another_id(other: str) -> None:
    assert other != identity(query())


def test_the_digest_of_rows_does_not_depend_on_their_chunks() -> None:
    rows = pa.table(
        {
            "who": [None if n % 7 == 3 else f"user {n}" for n in range(70_000)],
            "is": [None if n % 5 == 1 else n % 2 == 0 for n in range(70_000)],
            "x": range(70_000),
        }
    )
    uneven = pa.concat_tables([rows.slice(0, 13), rows.slice(13, 66_000), rows.slice(66_013)])
    assert rows_digest(uneven) == rows_digest(rows)
    assert rows_digest(rows.slice(0, 69_999)) != rows_digest(rows)
    assert rows_digest(rows.slice(1)) != rows_digest(rows)


def test_labels_fit_bigquery_s_rules() -> None:
    found = labels_of({"Case": "Ünïcode café/1", "": "x" * 100, "9lives": "a.b"})
    assert found == {"case": "ünïcode_café_1", "l_": "x" * 63, "l_9lives": "a_b"}


def test_names_are_quoted_and_values_bound() -> None:
    moment = datetime(2026, 11, 24, 19, tzinfo=UTC)
    text = compile_query(
        query("SELECT x FROM t JOIN mine USING (x) WHERE x > @n ORDER BY x"),
        table=lambda _: table_rows(TABLE, moment=moment),
        uploaded={},
    )
    assert (
        text
        == """\
SELECT
  `x`
FROM (
  SELECT
    *
  FROM `acme`.`shop`.`t` FOR SYSTEM_TIME AS OF CAST('2026-11-24 19:00:00+00:00' AS TIMESTAMP)
) AS `t`
JOIN (
  SELECT
    `row`.`x` AS `x`
  FROM UNNEST(@rows_of_mine) AS `row`
) AS `mine`
  USING (`x`)
WHERE
  `x` > @n
ORDER BY
  `x`"""
    )
