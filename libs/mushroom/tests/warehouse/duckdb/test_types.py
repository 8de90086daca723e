import duckdb
import pytest
from mushroom.warehouse.duckdb.types import googlesql_type


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
