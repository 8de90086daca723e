from datetime import UTC, datetime

import pyarrow as pa
from mushroom import LocalRows, PhysicalTable, Query, parse_query
from mushroom.warehouse.duckdb.compile import compile_query
from sqlglot import exp


def compiled(text: str, **parameters: object) -> str:
    query = Query(
        tree=parse_query(text),
        parameters=parameters,  # type: ignore[arg-type]
        relations={
            "orders": PhysicalTable(name='odd"name'),
            "entities": LocalRows(rows=pa.table({"entity_id": [1]})),
        },
    )
    return compile_query(query, table=lambda name: exp.table_(name, db="main", quoted=True))


def test_the_whole_text() -> None:
    text = compiled(
        """
        WITH paid AS (SELECT * FROM orders AS o WHERE o.`at` <= @until)
        SELECT e.entity_id, SUM(ROUND(CAST(price AS NUMERIC), 2)) AS total
        FROM entities AS e LEFT JOIN paid ON paid.id = e.entity_id
        GROUP BY 1 ORDER BY entity_id LIMIT @rows
        """,
        until=datetime(2024, 1, 1, tzinfo=UTC),
        rows=3,
    )
    assert (
        text
        == """\
WITH "paid" AS (
  SELECT
    *
  FROM "main"."odd""name" AS "o"
  WHERE
    "o"."at" <= CAST($until AS TIMESTAMPTZ)
)
SELECT
  "e"."entity_id",
  SUM(CAST("price" AS DECIMAL(38, 2))) AS "total"
FROM "rows:entities" AS "e"
LEFT JOIN "paid"
  ON "paid"."id" = "e"."entity_id"
GROUP BY
  1
ORDER BY
  "entity_id" NULLS FIRST
LIMIT CAST($rows AS BIGINT)"""
    )


def test_a_relation_without_an_alias_keeps_its_name() -> None:
    text = compiled("SELECT orders.id FROM orders JOIN entities ON entities.entity_id = orders.id")
    assert '"main"."odd""name" AS "orders"' in text
    assert '"rows:entities" AS "entities"' in text


def test_numeric_keeps_its_digits() -> None:
    text = compiled(
        "SELECT CAST(id AS NUMERIC) AS a, ROUND(CAST(id AS NUMERIC)) AS b FROM orders, entities"
    )
    assert 'CAST("id" AS DECIMAL(38, 9)) AS "a"' in text
    assert 'ROUND(CAST("id" AS DECIMAL(38, 9))) AS "b"' in text
