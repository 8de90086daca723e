"""Files that cannot be read are named, with what to look for, in one sentence."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import WarehouseError, open_warehouse
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query

QUERY = Query(tree=parse_query("SELECT * FROM t"), relations={"t": PhysicalTable(name="t")})
ROW = b"1,2024-01-01,tea\n"


def refusal(folder: Path) -> str:
    with pytest.raises(WarehouseError) as caught:
        open_warehouse("duckdb:.", root=folder).run(QUERY)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"who,at,what\n" + ROW + b"2,2024-01-02\n3,2024-01-03,a,b\n", "same number of columns"),
        ("who,at,what\n1,2024-01-01,café\n".encode("latin-1"), "not in UTF-8, as line 2 shows"),
        ("who,at,what\n1,2024-01-01,tea\n".encode("utf-16"), "not in UTF-8, as line 1 shows"),
        (b"", "The file t/b.csv of the table 't' is empty"),
    ],
    ids=["ragged", "latin", "utf-16", "empty"],
)
def test_csv_that_is_none_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t/a.csv").write_bytes(b"who,at,what\n" + ROW)
    (tmp_path / "t/b.csv").write_bytes(content)
    message = refusal(tmp_path)
    assert said in message
    assert "t/b.csv" in message
    assert "\n" not in message
    assert "strict_mode" not in message


def test_a_mark_of_the_byte_order_is_no_part_of_a_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("\ufeffwho,at,what\n".encode() + ROW)
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    assert list(warehouse.columns("t")) == ["who", "at", "what"]
    assert warehouse.run(QUERY)["who"].to_pylist() == [1]


@pytest.mark.parametrize("broken", ["cut", "scrambled"])
def test_parquet_that_is_broken_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "t").mkdir()
    for number in range(3):
        rows = pa.table({"x": list(range(10_000))})
        pq.write_table(rows, tmp_path / f"t/{number}.parquet")
    path = tmp_path / "t/1.parquet"
    content = bytearray(path.read_bytes())
    if broken == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[100:2000] = b"\xff" * 1900
        path.write_bytes(content)
    message = refusal(tmp_path)
    assert "t/1.parquet" in message
    assert "\n" not in message
