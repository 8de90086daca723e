"""Which tables predictions may be written into is said before anything is computed."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resolving import problem, resolved


def publish(case: Path, section: str) -> None:
    case.write_text(f"{case.read_text()}publish: {section}\n")


@pytest.mark.parametrize("columns", [None, {"entity_id": [1], "as_of": [2], "model_version": [3]}])
def test_a_new_table_and_one_of_predictions_are_taken(
    case: Path, columns: dict[str, list[object]] | None
) -> None:
    if columns is not None:
        pq.write_table(pa.table(columns), case.parent / "data/scores.parquet")
    before = resolved(case).digest
    publish(case, "{table: scores}")

    assert resolved(case).digest == before


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("orders", "is 'orders', which the case reads as `orders`: predictions would take"),
        ("labels", "is 'labels', which the case reads as its labels: predictions would take"),
        ("others", "is 'others', which holds no predictions, but customer, at. Name another"),
        ("../scores", "'../scores' is no name of a table that can be written"),
        ("others.x; DROP", "is no name of a table that can be written"),
    ],
)
def test_no_other_rows_are_lost(case: Path, table: str, message: str) -> None:
    others = case.parent / "data/others.parquet"
    pq.write_table(pa.table({"customer": [1], "at": [2]}), others)
    publish(case, f"{{table: {table!r}, how: replace}}")

    told = problem(case)

    assert f"case.yaml:{len(case.read_text().splitlines())}: `publish" in told
    assert message in told
    assert pq.read_table(others).num_rows == 1


def test_a_database_that_the_case_reads_is_left_alone(case: Path) -> None:
    data = case.parent / "data"
    with duckdb.connect(str(data / "shop.duckdb")) as connection:
        for name in ("orders", "labels"):
            rows = pq.read_table(data / f"{name}.parquet")
            connection.register("rows", rows)
            connection.execute(f"CREATE TABLE {name} AS FROM rows")
            connection.unregister("rows")
    text = case.read_text().replace("duckdb:data", "duckdb:data/shop.duckdb")
    case.write_text(text)
    publish(case, "{table: scores, warehouse: 'duckdb:data/../data/shop.duckdb'}")

    assert "is in shop.duckdb, from which the case reads: any change" in problem(case)

    case.write_text(text)
    publish(case, "{table: scores, warehouse: 'duckdb:data'}")
    assert resolved(case).case == "shop"


def test_a_warehouse_that_is_not_there_is_told(case: Path) -> None:
    publish(case, "{table: scores, warehouse: 'duckdb:elsewhere'}")
    assert "`publish` cannot be used: There is no warehouse at" in problem(case)
