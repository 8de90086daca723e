"""Tables that lie in several files."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import PhysicalTable, Query, Warehouse, WarehouseError, open_warehouse, parse_query


def write(folder: Path, name: str, **columns: Any) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), path)


def rows(warehouse: Warehouse, text: str, table: str) -> list[dict[str, Any]]:
    query = Query(tree=parse_query(text), relations={"t": PhysicalTable(name=table)})
    found: list[dict[str, Any]] = warehouse.run(query).to_pylist()
    return found


def test_a_folder_is_a_table(tmp_path: Path) -> None:
    write(tmp_path, "t/a.parquet", x=[1])
    write(tmp_path, "t/deeper/b.parquet", x=[2])
    (tmp_path / "t" / ".hidden").mkdir()
    write(tmp_path, "t/.hidden/c.parquet", x=[3])
    (tmp_path / "t" / "_SUCCESS").touch()
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert warehouse.tables() == ("t",)
    assert rows(warehouse, "SELECT x FROM t ORDER BY x", "t") == [{"x": 1}, {"x": 2}]
    assert rows(warehouse, "SELECT x FROM t", "t/deeper") == [{"x": 2}]
    assert rows(warehouse, "SELECT x FROM t", "t/[a]*") == [{"x": 1}]


def test_folders_are_columns(tmp_path: Path) -> None:
    write(tmp_path, "t/day=2024-02-29/shop=a%20b/x.parquet", x=[1])
    write(tmp_path, "t/day=1969-12-31/shop=01/x.parquet", x=[2])
    write(tmp_path, "t/day=__HIVE_DEFAULT_PARTITION__/shop=c/x.parquet", x=[3])
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert warehouse.columns("t") == {"x": "INT64", "day": "DATE", "shop": "STRING"}
    assert rows(warehouse, "SELECT * FROM t ORDER BY x", "t") == [
        {"x": 1, "day": date(2024, 2, 29), "shop": "a b"},
        {"x": 2, "day": date(1969, 12, 31), "shop": "01"},
        {"x": 3, "day": None, "shop": "c"},
    ]


@pytest.mark.parametrize("folder", ["env=prod", "env=prod/x=7"])
def test_folders_above_the_warehouse_are_no_columns(tmp_path: Path, folder: str) -> None:
    write(tmp_path / folder, "one.parquet", x=[1])
    write(tmp_path / folder, "t/day=1/a.parquet", y=[1])
    warehouse = open_warehouse(f"duckdb:{folder}", root=tmp_path)
    assert rows(warehouse, "SELECT * FROM t", "one") == [{"x": 1}]
    assert rows(warehouse, "SELECT * FROM t", "t") == [{"y": 1, "day": 1}]


@pytest.mark.parametrize(("folder", "twice"), [(".", "K"), ("Day=2", "day")])
def test_a_column_in_both_file_and_path_is_refused(tmp_path: Path, folder: str, twice: str) -> None:
    write(tmp_path / folder, "t/k=1/a.parquet", day=[1], K=[2])
    message = f"have a column '{twice}', and so has the path of t/k=1/a.parquet; rename the folders"
    with pytest.raises(WarehouseError, match=message):
        open_warehouse(f"duckdb:{folder}", root=tmp_path).columns("t")


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"x": [1.5]}, r"'t' differ: t/b.parquet has the column 'x' as DOUBLE, which is BIGINT in"),
        ({"y": [1]}, r"t/b.parquet has no column 'x', unlike t/a.parquet. Write them alike"),
        ({"x": [1], "y": [2]}, r"t/b.parquet has a column 'y', unlike t/a.parquet"),
    ],
)
def test_parquet_that_differs_is_refused(
    tmp_path: Path, other: dict[str, Any], message: str
) -> None:
    write(tmp_path, "t/a.parquet", x=[1])
    write(tmp_path, "t/b.parquet", **other)
    with pytest.raises(WarehouseError, match=message):
        rows(open_warehouse("duckdb:.", root=tmp_path), "SELECT * FROM t", "t")


def test_columns_of_parquet_go_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, "t/a.parquet", x=[1], y=[10])
    write(tmp_path, "t/b.parquet", y=[20], x=[2])
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert rows(warehouse, "SELECT * FROM t ORDER BY x", "t") == [
        {"x": 1, "y": 10},
        {"x": 2, "y": 20},
    ]


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("x,z\n3,4\n", r"t/b.csv has no column 'y', unlike t/a.csv"),
        ("y,x\n3,4\n", r"t/b.csv has the column 'y' at another place than t/a.csv"),
        ("x,y,z\n3,4,5\n", r"t/b.csv has a column 'z', unlike t/a.csv"),
    ],
)
def test_csv_that_differs_is_refused(tmp_path: Path, other: str, message: str) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "t" / "b.csv").write_text(other)
    with pytest.raises(WarehouseError, match=message):
        open_warehouse("duckdb:.", root=tmp_path).columns("t")


def test_the_rows_of_all_csv_files_decide_a_type(tmp_path: Path) -> None:
    (tmp_path / "t").mkdir()
    numbers = "\n".join(f"{number}," for number in range(30_000))
    for name in ("a", "b", "c"):
        (tmp_path / "t" / f"{name}.csv").write_text(f"x,y\n{numbers}\n")
    (tmp_path / "t" / "d.csv").write_text(f"x,y\n{numbers}\n1.5,7\n")
    (tmp_path / "t" / "e.csv").write_text("x,y\n")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert warehouse.columns("t") == {"x": "FLOAT64", "y": "INT64"}
    assert rows(warehouse, "SELECT x FROM t WHERE y = 7", "t") == [{"x": 1.5}]


def test_a_link_leads_nowhere_twice(tmp_path: Path) -> None:
    write(tmp_path / "far", "a.parquet", x=[1])
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "t").symlink_to(tmp_path / "far")
    (tmp_path / "far" / "back").symlink_to(tmp_path / "far")
    warehouse = open_warehouse("duckdb:shop", root=tmp_path)
    assert rows(warehouse, "SELECT x FROM t", "t") == [{"x": 1}]


def test_a_snapshot_is_of_the_rows(tmp_path: Path) -> None:
    write(tmp_path, "flat/a.parquet", x=[1])
    write(tmp_path, "flat/b.parquet", x=[2])
    write(tmp_path, "keyed/day=1/a.parquet", x=[1])
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    before = warehouse.snapshot(["flat", "keyed"])
    (tmp_path / "flat" / "a.parquet").rename(tmp_path / "flat" / "z.parquet")
    (tmp_path / "keyed/day=1/a.parquet").rename(tmp_path / "keyed/day=1/b.parquet")
    assert warehouse.snapshot(["flat", "keyed"]) == before
    (tmp_path / "keyed" / "day=1").rename(tmp_path / "keyed" / "day=2")
    moved = warehouse.snapshot(["flat", "keyed"])
    assert moved["flat"] == before["flat"]
    assert moved["keyed"] != before["keyed"]
    write(tmp_path, "flat/c.parquet", x=[3])
    added = warehouse.snapshot(["flat", "keyed"])
    assert added["flat"] != before["flat"]
    assert added["keyed"] == moved["keyed"]
    write(tmp_path, "flat/c.parquet", x=[4])
    assert warehouse.snapshot(["flat"])["flat"] not in (added["flat"], before["flat"])


def test_a_table_that_got_other_columns_is_read_anew(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "t.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert list(warehouse.columns("t")) == ["x"]
    pq.write_table(pa.table({"y": [1], "z": [2]}), tmp_path / "t.parquet")
    warehouse.snapshot(["t"])
    assert list(warehouse.columns("t")) == ["y", "z"]
