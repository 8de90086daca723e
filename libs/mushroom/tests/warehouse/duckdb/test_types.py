import duckdb
import pyarrow as pa
import pytest
from mushroom.warehouse.duckdb.types import googlesql_type, result_schema


@pytest.mark.parametrize(
    ("duckdb_type", "wanted"),
    [
        ("BOOLEAN", "BOOL"),
        ("UTINYINT", "INT64"),
        ("HUGEINT", "BIGNUMERIC"),
        ("FLOAT", "FLOAT64"),
        ("DECIMAL(9, 2)", "NUMERIC"),
        ("ENUM('a', 'b')", "STRING"),
        ("UUID", "STRING"),
        ("BLOB", "BYTES"),
        ("DATE", "DATE"),
        ("TIMESTAMP", "DATETIME"),
        ("TIMESTAMP_NS", "DATETIME"),
        ("TIMESTAMPTZ", "TIMESTAMP"),
        ("VARCHAR[][]", "ARRAY<ARRAY<STRING>>"),
    ],
)
def test_types_as_duckdb_itself_writes_them(duckdb_type: str, wanted: str) -> None:
    with duckdb.connect() as connection:
        row = connection.execute(f"SELECT typeof(CAST(NULL AS {duckdb_type}))").fetchone()
    assert row is not None
    assert googlesql_type(row[0]) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("1::UTINYINT", pa.int64()),
        ("sum(1::BIGINT)", pa.int64()),
        ("1::FLOAT", pa.float64()),
        ("sum(1::DECIMAL(9, 0))", pa.decimal128(38, 0)),
        ("'a'::ENUM('a', 'b')", pa.string()),
        ("'2024-01-01'::TIMESTAMP_NS", pa.timestamp("us")),
        ("'2024-01-01'::TIMESTAMPTZ", pa.timestamp("us", tz="UTC")),
        ("[1::SMALLINT]", pa.list_(pa.int64())),
        ("'2024-01-01'::DATE", pa.date32()),
        ("true", pa.bool_()),
    ],
)
def test_one_googlesql_type_comes_back_as_one_arrow_type(value: str, wanted: pa.DataType) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        relation = connection.sql(f"SELECT {value} AS x")
        table = relation.to_arrow_table()
        schema = result_schema(table.schema, [str(kind) for kind in relation.types])
    assert schema.field("x").type == wanted
    assert table.cast(schema).num_rows == 1
