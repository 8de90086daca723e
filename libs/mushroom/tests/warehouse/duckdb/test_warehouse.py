import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import PhysicalTable, Query, WarehouseError, open_warehouse, parse_query


def select(text: str, **tables: str) -> Query:
    relations = {name: PhysicalTable(name=table) for name, table in tables.items()}
    return Query(tree=parse_query(text), relations=relations)


def test_csv_types_come_from_all_rows(tmp_path: Path) -> None:
    numbers = "\n".join(str(number) for number in range(30_000))
    (tmp_path / "t.csv").write_text(f"x\n{numbers}\n1.5\n")
    (tmp_path / "days.CSV").write_text("day,name\n2024-01-01,a\n")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert warehouse.tables() == ("days", "t")
    assert warehouse.columns("t") == {"x": "FLOAT64"}
    assert warehouse.columns("days") == {"day": "DATE", "name": "STRING"}
    found = warehouse.run(select("SELECT day FROM days", days="days"))
    assert found.to_pylist() == [{"day": date(2024, 1, 1)}]


def test_file_names_are_not_patterns(tmp_path: Path) -> None:
    folder = tmp_path / "a[1]*?"
    folder.mkdir()
    pq.write_table(pa.table({"x": [1]}), folder / "t[1]*.parquet")
    pq.write_table(pa.table({"x": [2]}), folder / "t1.parquet")
    warehouse = open_warehouse(f"duckdb:{folder}", root=tmp_path)
    assert warehouse.run(select("SELECT x FROM t", t="t[1]*")).to_pylist() == [{"x": 1}]


def test_numbers_of_any_type_have_bigquery_s_texts(tmp_path: Path) -> None:
    rows = {
        "whole": pa.array([Decimal(100)], pa.decimal128(10, 0)),
        "cents": pa.array([Decimal("-0.10")], pa.decimal128(10, 2)),
        "round": pa.array([Decimal("20.00")], pa.decimal128(10, 2)),
        "small": pa.array([0.5], pa.float32()),
        "none": pa.array([None], pa.float64()),
    }
    pq.write_table(pa.table(rows), tmp_path / "t.parquet")
    text = ", ".join(f"CAST(`{name}` AS STRING) AS `{name}`" for name in rows)
    asked = select(f"SELECT {text} FROM t", t="t")  # noqa: S608
    found = open_warehouse("duckdb:.", root=tmp_path).run(asked)
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("100", "-0.1", "20", "0.5", None)
    ]


IN_A_ZONE = """
import sys
from pathlib import Path
from mushroom import PhysicalTable, Query, open_warehouse, parse_query
tree = parse_query(
    "SELECT CAST(at AS STRING) AS written, DATE(at) AS day, TIMESTAMP(clock) AS read FROM t"
)
warehouse = open_warehouse("duckdb:.", root=Path(sys.argv[1]))
[row] = warehouse.run(Query(tree=tree, relations={"t": PhysicalTable(name="t")})).to_pylist()
print(row["written"], row["day"], row["read"].isoformat())
"""


def test_the_machine_s_time_zone_changes_nothing(tmp_path: Path) -> None:
    late = datetime(2024, 1, 1, 23)
    rows = {"at": pa.array([late], pa.timestamp("us", "UTC")), "clock": [late]}
    pq.write_table(pa.table(rows), tmp_path / "t.parquet")
    command = [sys.executable, "-c", IN_A_ZONE, str(tmp_path)]
    environment = {**os.environ, "TZ": "Asia/Tokyo"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "2024-01-01 23:00:00+00 2024-01-01 2024-01-01T23:00:00+00:00\n"


def test_one_table_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x\n1\n")
    pq.write_table(pa.table({"x": [1]}), tmp_path / "t.parquet")
    with pytest.raises(WarehouseError, match=r"table 't' twice, as t.csv and t.parquet; rename"):
        open_warehouse("duckdb:.", root=tmp_path)


def test_no_other_file_is_readable(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("x\n1\n")
    (tmp_path / "shop").mkdir()
    with duckdb.connect(str(tmp_path / "shop" / "shop.duckdb")) as connection:
        connection.execute(f"CREATE VIEW v AS SELECT * FROM read_csv('{secret}')")  # noqa: S608
    database = open_warehouse("duckdb:shop/shop.duckdb", root=tmp_path)
    with pytest.raises(WarehouseError, match=r"reads v in duckdb:shop/.* failed: Permission Error"):
        database.run(select("SELECT x FROM v", v="v"))


@pytest.mark.parametrize(
    ("text", "kind"), [("a", "INT64"), ("2.7", "INT64"), ("1e3", "INT64"), ("yes", "BOOL")]
)
def test_failures_name_the_tables_and_what_is_wrong(tmp_path: Path, text: str, kind: str) -> None:
    pq.write_table(pa.table({"x": [text]}), tmp_path / "t.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    query = select(f"SELECT CAST(x AS {kind}) AS x FROM t", t="t")  # noqa: S608
    told = rf"A query that reads t in duckdb:\. failed: .*Bad {kind} value: {text}$"
    with pytest.raises(WarehouseError, match=told):
        warehouse.run(query)
    with pytest.raises(WarehouseError, match=told):
        list(warehouse.stream(query))


def test_a_wrong_name_is_met_with_a_better_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "t.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    with pytest.raises(WarehouseError, match=r"has no table 'tt'; did you mean 't'\?"):
        warehouse.columns("tt")


@pytest.mark.parametrize("name", ["a\\b", "a {b}", "a 'b' \"c\"", "a ; -- `b`", "注文 🎄"])
def test_a_file_may_have_an_odd_name(tmp_path: Path, name: str) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / f"{name}.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert warehouse.tables() == (name,)
    assert warehouse.run(select("SELECT x FROM t", t=name)).to_pylist() == [{"x": 1}]


def test_a_path_that_duckdb_cannot_name_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "shop [x]"
    folder.mkdir()
    pq.write_table(pa.table({"x": [1]}), folder / "a\\b.parquet")
    warehouse = open_warehouse(f"duckdb:{folder}", root=tmp_path)
    with pytest.raises(WarehouseError, match=r"may hold a backslash or one of \[, \* and \?, but"):
        warehouse.columns("a\\b")


def test_a_database_is_read_beside_its_other_readers(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE VIEW other.v AS SELECT x + 1 AS x FROM t")
    one = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    two = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    assert one.tables() == ("other.v", "t")
    stream = one.stream(select("SELECT x FROM t", t="t"))
    assert next(stream).to_pylist() == [{"x": 1}]
    assert two.run(select("SELECT x FROM v", v="other.v")).to_pylist() == [{"x": 2}]
    assert not path.with_name("shop.duckdb.wal").exists()


def test_the_write_ahead_log_is_part_of_a_database(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    before = warehouse.snapshot(["t"])
    path.with_name("shop.duckdb.wal").write_bytes(b"more rows")
    assert warehouse.snapshot(["t"]) != before


def test_no_spill_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(spill))
    pq.write_table(pa.table({"x": list(range(1000))}), tmp_path / "t.parquet")
    stream = open_warehouse("duckdb:.", root=tmp_path).stream(select("SELECT x FROM t", t="t"))
    next(stream)
    assert list(spill.iterdir()) != []
    del stream
    assert list(spill.iterdir()) == []


def test_a_sum_of_integers_is_an_integer(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [2**62, 2**62, 1]}), tmp_path / "t.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    with pytest.raises(WarehouseError, match="failed: Integer value out of bounds"):
        warehouse.run(select("SELECT SUM(x) AS x FROM t WHERE x > 1", t="t"))
    small = warehouse.run(select("SELECT SUM(x) AS x FROM t WHERE x = 1", t="t"))
    assert small.schema.field("x").type == pa.int64()
    assert small.to_pylist() == [{"x": 1}]


@pytest.mark.parametrize("place", ["shop", "shop.duckdb"])
def test_times_that_pandas_writes_in_nanoseconds_are_times(tmp_path: Path, place: str) -> None:
    at = datetime(2024, 2, 29, 12, 0, 0, 7, tzinfo=UTC)
    nanoseconds = pa.scalar(at, pa.timestamp("us", "UTC")).cast(pa.int64()).as_py() * 1000 + 1
    kinds = {"zoned": pa.timestamp("ns", "Europe/Berlin"), "clock": pa.timestamp("ns")}
    rows = pa.table({name: pa.array([nanoseconds], kind) for name, kind in kinds.items()})
    (tmp_path / "shop").mkdir()
    pq.write_table(rows.append_column("id", [[1]]), tmp_path / "shop" / "t.parquet")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(f"CREATE TABLE t AS FROM '{tmp_path}/shop/t.parquet'")
    warehouse = open_warehouse(f"duckdb:{place}", root=tmp_path)
    assert warehouse.columns("t") == {"zoned": "TIMESTAMP", "clock": "DATETIME", "id": "INT64"}
    text = "SELECT zoned, clock, zoned <= @at AS by_then FROM t"
    relations = {"t": PhysicalTable(name="t")}
    asked = Query(tree=parse_query(text), parameters={"at": at}, relations=relations)
    found = {"zoned": at, "clock": at.replace(tzinfo=None), "by_then": True}
    assert warehouse.run(asked).to_pylist() == [found]
