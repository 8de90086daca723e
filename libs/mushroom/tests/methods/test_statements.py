"""A method is one SELECT over the catalogue's tables, whatever its text tries."""

import pytest
from mushroom import Catalog, MushroomError, Query, Source, parse_method
from mushroom.methods.bind import bind_method


@pytest.mark.parametrize(
    "name",
    [
        "labels",
        "`labels`",
        "main.labels",
        "source.main.labels",
        "`main.labels`",
        "`table:labels`",
        "`labels.parquet`",
        "read_parquet('labels.parquet')",
        "EXTERNAL_QUERY('c', 'SELECT 1')",
        "INFORMATION_SCHEMA.TABLES",
        "orders, labels",
        "orders WHERE entity_id IN (SELECT customer FROM labels)",
        "(SELECT * FROM labels) AS s",
        "(WITH s AS (SELECT * FROM labels) SELECT * FROM s) AS s",
        "ML.PREDICT(MODEL m, TABLE labels)",
    ],
)
def test_a_method_reads_what_the_catalogue_has_and_nothing_else(source: Source, name: str) -> None:
    """Even what the warehouse has beside it, as here the labels."""

    def query() -> Query:
        method = parse_method(f"SELECT 1 AS one FROM {name} ORDER BY one", name="m")  # noqa: S608
        return bind_method(method, Catalog.model_validate(source.catalog), tables={}, parameters={})

    with pytest.raises(MushroomError, match=r"has no table|logical name|is not valid GoogleSQL"):
        query()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 AS one ORDER BY one; DROP TABLE orders",
        "DROP TABLE orders",
        "DELETE FROM orders WHERE TRUE",
        "INSERT INTO orders SELECT 1",
        "CREATE TABLE x AS SELECT 1 AS one",
        "EXPORT DATA OPTIONS (uri = 'gs://x/*') AS SELECT 1 AS one",
        "CALL x.y()",
        "BEGIN SELECT 1; END",
        "SET x = 1",
        "EXECUTE IMMEDIATE 'SELECT 1'",
        "ATTACH 'x.db'",
        "COPY orders TO 'x.csv'",
        "PRAGMA database_list",
    ],
)
def test_a_method_is_one_select(text: str) -> None:
    with pytest.raises(MushroomError, match=r"Expected one SELECT|is not valid GoogleSQL"):
        parse_method(text, name="m")
