from datetime import UTC, datetime

import duckdb
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
    assert text.count('ELSE CAST("id" AS DECIMAL(38, 9))') == 2


def test_clocks_in_utc_say_what_duckdb_would_of_them() -> None:
    text = compiled(
        "SELECT TIMESTAMP(clock, 'UTC') AS instant, DATETIME(moment, 'UTC') AS shown FROM orders "
        "WHERE NOT EXISTS (SELECT 1 FROM entities WHERE entity_id = 0)"
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute('CREATE TABLE "odd""name"("clock" TIMESTAMP, "moment" TIMESTAMPTZ)')
        connection.execute('CREATE TABLE "rows:entities"("entity_id" BIGINT)')
        for time in ("-infinity", "0001-01-01", "1969-12-31 23:59:59.999999", "infinity", None):
            connection.execute('INSERT INTO "odd""name" VALUES ($time, $time)', {"time": time})
        answer = connection.sql(f"SELECT * FROM ({text}) EXCEPT ALL {_ASKED}").fetchall()  # noqa: S608
        assert answer == []
        assert len(connection.sql(text)) == 5
    assert "MAKE_TIMESTAMPTZ" in text
    assert "MAKE_TIMESTAMP(" in text


_ASKED = (
    'SELECT "clock" AT TIME ZONE \'UTC\', "moment" AT TIME ZONE \'UTC\' FROM "main"."odd""name"'
)
