"""What DuckDB's two ways of writing do beyond the contract."""

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import WarehouseError, open_warehouse
from mushroom.testing.writing_contract import add, rows_of
from mushroom.warehouse import Warehouse, append_rows, write_table

ROWS = pa.table({"x": [1], "day": [date(2026, 1, 2)]})


@pytest.fixture(params=["shop", "shop.duckdb"])
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """An empty one of each kind."""
    if request.param == "shop":
        (tmp_path / "shop").mkdir()
    else:
        duckdb.connect(str(tmp_path / request.param)).close()
    return open_warehouse(f"duckdb:{request.param}", root=tmp_path)


def replace_day(warehouse: Warehouse, values: list[int], day: date) -> None:
    rows = pa.table({"x": values, "day": [day] * len(values)}, schema=ROWS.schema)
    write_table(warehouse, "t", rows.to_batches(), schema=rows.schema, partition=("day", day))


def test_a_day_is_replaced_and_the_others_stay(warehouse: Warehouse) -> None:
    first, second = date(2026, 1, 2), date(2026, 1, 3)
    replace_day(warehouse, [1, 2], first)
    replace_day(warehouse, [3], second)
    add(warehouse, pa.table({"x": [9], "day": [None]}, schema=ROWS.schema), "of no day")
    replace_day(warehouse, [4], first)
    assert [row["x"] for row in rows_of(warehouse, "t")] == [3, 4, 9]
    replace_day(warehouse, [], second)
    assert [row["x"] for row in rows_of(warehouse, "t")] == [4, 9]


def test_a_column_whose_name_would_be_a_statement_is_a_column(warehouse: Warehouse) -> None:
    name = 'day" = NULL; DROP TABLE t; --'
    day = date(2026, 1, 2)
    for values in ([1, 2], [3]):
        rows = pa.table({"x": values, name: [day] * len(values)})
        write_table(warehouse, "t", rows.to_batches(), schema=rows.schema, partition=(name, day))
    assert rows_of(warehouse, "t") == [{"x": 3, name: day}]


def test_a_row_of_another_day_is_refused(warehouse: Warehouse) -> None:
    partition = ("day", date(2026, 1, 3))
    with pytest.raises(WarehouseError, match="must all have that day, got 2026-01-02"):
        write_table(warehouse, "t", ROWS.to_batches(), schema=ROWS.schema, partition=partition)


@pytest.mark.parametrize("column", ["x", "nothing"])
def test_days_need_a_date_column(warehouse: Warehouse, column: str) -> None:
    with pytest.raises(WarehouseError, match=f"by a DATE column of its rows, and '{column}' is"):
        append_rows(
            warehouse,
            "t",
            ROWS.to_batches(),
            schema=ROWS.schema,
            addition="a",
            partitioned_by=column,
        )


def test_a_name_is_needed(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="An addition needs a name"):
        add(warehouse, ROWS, "")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (pa.table([[1], [2]], names=["x", "X"]), "more than one column 'x'"),
        (pa.table({}), "have no columns"),
        (pa.table({"x": pa.array([2**64 - 1], pa.uint64())}), "not of the types"),
    ],
)
def test_rows_that_no_table_holds_are_refused(
    warehouse: Warehouse, rows: pa.Table, said: str
) -> None:
    with pytest.raises(WarehouseError, match=said):
        add(warehouse, rows, "a")


def test_many_additions_at_once_are_all_made(tmp_path: Path) -> None:
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    add(warehouse, ROWS, "first")
    threads = [
        threading.Thread(target=add, args=(warehouse, ROWS, str(number % 4)))
        for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows_of(warehouse, "t")) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == [".t.parquet.lock", "t.parquet"]


def priced(number: int, price: str) -> pa.Table:
    prices = pa.array([price]).cast(pa.decimal128(38, 9))
    return pa.table({"x": [number], "price": prices})


@pytest.mark.parametrize(("number", "price"), [(300, "1.25"), (3, "1.255")])
def test_values_are_never_bent_to_fit_a_narrower_column(
    tmp_path: Path, number: int, price: str
) -> None:
    narrow = priced(1, "1").cast(pa.schema({"x": pa.int8(), "price": pa.decimal128(5, 2)}))
    (tmp_path / "shop").mkdir()
    pq.write_table(narrow, tmp_path / "shop/t.parquet")
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.from_arrow(narrow).create("t")
    for url in ("duckdb:shop", "duckdb:shop.duckdb"):
        warehouse = open_warehouse(url, root=tmp_path)
        add(warehouse, priced(2, "1.25"), "fits")
        with pytest.raises(WarehouseError, match=r"Writing 1 rows to the table .* failed"):
            add(warehouse, priced(number, price), "does not")
        assert [row["x"] for row in rows_of(warehouse, "t")] == [1, 2]
    assert pq.read_schema(tmp_path / "shop/t.parquet").remove_metadata() == narrow.schema


@pytest.mark.parametrize("files", [["t.csv"], ["t/a.parquet"], ["t/a.parquet", "t/b.parquet"]])
def test_what_is_not_one_parquet_file_is_not_written(tmp_path: Path, files: list[str]) -> None:
    (tmp_path / "t").mkdir()
    for file in files:
        (tmp_path / file).write_bytes(b"x")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    with pytest.raises(WarehouseError, match=r"only a table that is the one file t\.parquet can"):
        add(warehouse, ROWS, "a")


def test_a_view_is_not_written(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE VIEW v AS SELECT 1 AS x")
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    rows = pa.table({"x": [2]})
    with pytest.raises(WarehouseError, match=r"to the table main\.v of .* failed: .*v"):
        write_table(warehouse, "v", rows.to_batches(), schema=rows.schema)
    with pytest.raises(WarehouseError, match=r"to the table main\.v of .* failed: .*v"):
        add(warehouse, rows, "a", table="v")


def test_tables_of_another_schema_are_written(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE SCHEMA logs")
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    add(warehouse, ROWS, "a", table="logs.t")
    add(warehouse, ROWS, "a", table="logs.t")
    assert warehouse.tables() == ("logs.t",)
    assert len(rows_of(warehouse, "logs.t")) == 1
    with pytest.raises(WarehouseError, match="nowhere"):
        add(warehouse, ROWS, "a", table="nowhere.t")
    with pytest.raises(WarehouseError, match="is mushroom's own"):
        add(warehouse, ROWS, "a", table="mushroom_written.additions")


HOLDER = """
import duckdb, sys
with duckdb.connect(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_database_that_somebody_else_has_open_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    duckdb.connect(str(path)).close()
    warehouse = open_warehouse("duckdb:shop.duckdb", root=tmp_path)
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match=r"Writing 1 rows .* failed: .*lock"):
            add(warehouse, ROWS, "a")
        holder.communicate()
    add(warehouse, ROWS, "a")
    assert len(rows_of(warehouse, "t")) == 1


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    with pytest.raises(WarehouseError, match=r"Writing 1 rows to the table t failed: .*footer"):
        add(warehouse, ROWS, "a")
    assert (tmp_path / "t.parquet").read_bytes() == b"PAR1 and no more"


def test_a_snapshot_sees_what_was_written(warehouse: Warehouse) -> None:
    add(warehouse, ROWS, "a")
    before = warehouse.snapshot(["t"])
    add(warehouse, ROWS, "a")
    assert warehouse.snapshot(["t"]) == before
    add(warehouse, ROWS, "b")
    assert warehouse.snapshot(["t"]) != before
