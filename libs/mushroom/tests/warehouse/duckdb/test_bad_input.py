"""What real files hold, as somebody left them, and what whole tasks make of it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from gokart_store import run_task
from mushroom import (
    Catalog,
    CatalogError,
    Download,
    EntityError,
    PhysicalTable,
    Population,
    Query,
    SnapshotChangedError,
    Source,
    WarehouseError,
    check_catalog,
    feature_tasks,
    load_catalog,
    open_warehouse,
    parse_query,
)
from mushroom.features import feature_method
from mushroom.testing import entity_rows

CATALOG = """\
timezone: Europe/Berlin
tables:
  events:
    kind: events
    table: events
    entity: who
    time: at
    measures: {amount: amount}
"""
PEOPLE = """\
  people:
    kind: attributes
    table: people
    entity: who
    columns: [country]
    valid_from: since
"""
WINDOWS = {
    "name": "f",
    "method": "event_windows",
    "table": "events",
    "windows": ["1d", "all"],
    "aggregates": ["count", "sum", "active_days"],
    "trend": [],
}
EVERYTHING = "SELECT entity_id, event_time, amount FROM events"
HEADER = "who,at,amount\n"


def open_source(folder: Path, catalog: str = CATALOG) -> Source:
    (folder / "catalog.yaml").write_text(catalog)
    loaded = load_catalog(folder / "catalog.yaml")
    return Source.of(f"duckdb:{folder}", root=folder, catalog=loaded)


def describe(
    folder: Path, as_of: str, *, source: Source | None = None, feature: Any = WINDOWS
) -> list[dict[str, Any]]:
    """The population's features, computed by the tasks themselves."""
    source = source or open_source(folder)
    place = {"workspace_directory": str(folder / ".store")}
    everybody = Population(table="events", as_of=as_of, shards=1, **source.arguments(), **place)
    (task,) = feature_tasks(everybody, [feature], source)
    run_task(everybody)
    run_task(task)
    rows: list[dict[str, Any]] = task.result().table().to_pylist()
    return rows


def download(folder: Path, sql: str) -> pa.Table:
    source = open_source(folder)
    method = f"/*\nsummary: What the test asks.\n*/\n{sql}"
    store = str(folder / ".store")
    task = Download(sql=method, workspace_directory=store, **source.arguments())
    run_task(task)
    return task.result().table()


def test_a_table_that_changed_its_schema(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(f"{HEADER}1,2024-01-01 10:00:00,5\n")
    planned = open_source(tmp_path)
    (tmp_path / "events.csv").write_text("who,at,price\n1,2024-01-01 10:00:00,5\n")
    with pytest.raises(SnapshotChangedError, match=r"'events' in .* has changed since the run was"):
        describe(tmp_path, "2024-02-01", source=planned)
    with pytest.raises(CatalogError, match=r"'events' has no column 'amount'; it has at, price"):
        open_source(tmp_path)


def test_nothing_at_all(tmp_path: Path) -> None:
    nothing = pa.schema([("who", "int64"), ("at", pa.timestamp("us")), ("amount", "float64")])
    pq.write_table(nothing.empty_table(), tmp_path / "events.parquet")
    with pytest.raises(EntityError, match=r"population is empty: .* choose a later time"):
        describe(tmp_path, "2024-02-01")
    found = download(tmp_path, f"{EVERYTHING} ORDER BY entity_id, event_time, amount")
    assert found.num_rows == 0
    assert [str(kind) for kind in found.schema.types] == [
        "int64",
        "timestamp[us, tz=UTC]",
        "decimal128(38, 2)",
    ]


def test_a_measure_that_never_held_a_value(tmp_path: Path) -> None:
    """As pandas writes a column of nothing but None: Parquet tells no type of it."""
    rows = {"who": [1], "at": [datetime(2024, 1, 1)], "amount": pa.nulls(1)}
    pq.write_table(pa.table(rows), tmp_path / "events.parquet")
    feature = {**WINDOWS, "aggregates": ["count", "sum", "mean"]}
    [row] = describe(tmp_path, "2024-02-01", feature=feature)
    assert (row["f.all.count"], row["f.all.amount.sum"]) == (1, 0)
    assert row["f.all.amount.mean"] is None


@pytest.mark.one_python
def test_ten_thousand_columns(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(10_000)]
    pq.write_table(pa.table({name: [1, 2] for name in names}), tmp_path / "wide.parquet")
    warehouse = open_warehouse("duckdb:.", root=tmp_path, memory_gib=1.5)
    assert list(warehouse.columns("wide")) == names
    query = Query(
        tree=parse_query("SELECT * FROM t ORDER BY c0"),
        relations={"t": PhysicalTable(name="wide")},
    )
    [batch] = warehouse.stream(query)
    assert batch.schema.names == names
    assert batch["c9999"].to_pylist() == [1, 2]


@pytest.mark.one_python
def test_two_thousand_attributes(tmp_path: Path) -> None:
    """They take the memory of a join; if all were ranked by all, it would be twice as much."""
    names = [f"c{number}" for number in range(2_000)]
    people = {"who": [1, 2], **{name: [1, 2] for name in names}}
    pq.write_table(pa.table(people), tmp_path / "people.parquet")
    entry = {"kind": "attributes", "table": "people", "entity": "who", "immutable": True}
    tables = {"people": {**entry, "columns": names}}
    found = feature_method("entity_attributes")

    def ask(memory_gib: float) -> pa.Table:
        warehouse = open_warehouse("duckdb:.", root=tmp_path, memory_gib=memory_gib)
        catalog = check_catalog(Catalog.model_validate({"tables": tables}), warehouse)
        rows, options = entity_rows([(2, 700, 700)]), found.parse({"table": "people"})
        return warehouse.run(found.query(options, catalog=catalog, entities=rows))

    with pytest.raises(WarehouseError, match=r"Raise query_memory_gib, .* fewer columns at a time"):
        ask(0.03)
    assert ask(0.25)["c1999"].to_pylist() == [2]


def test_dates_before_1970(tmp_path: Path) -> None:
    rows = "1,1899-12-31 23:59:59.5,5\n1,1965-05-05 10:00:00,7\n1,1965-05-05 12:00:00,9\n"
    (tmp_path / "events.csv").write_text(HEADER + rows)
    (row,) = describe(tmp_path, "1965-05-05 11:00:00")
    assert row["f.1d.count"] == 1
    assert row["f.all.count"] == 2
    assert row["f.all.active_days"] == 2
    assert row["f.all.amount.sum"] == 12


def test_null_keys_are_nobody(tmp_path: Path) -> None:
    rows = ",2024-01-01 10:00:00,5\n1,,7\n2,2024-01-01 11:00:00,\n"
    (tmp_path / "events.csv").write_text(HEADER + rows)
    (row,) = describe(tmp_path, "2024-02-01")
    assert (row["entity_id"], row["f.all.count"], row["f.all.amount.sum"]) == (2, 1, 0)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_duplicate_keys_count_once(tmp_path: Path, is_reversed: bool) -> None:
    (tmp_path / "events.csv").write_text(f"{HEADER}1,2024-01-01,5\n")
    rows = ["1,FR,2024-01-01", "1,DE,2024-01-01", "1,DE,2024-01-01", "1,IT,2023-01-01"]
    if is_reversed:
        rows.reverse()
    (tmp_path / "people.csv").write_text("\n".join(("who,country,since", *rows)))
    source = open_source(tmp_path, CATALOG + PEOPLE)
    attributes = {"name": "p", "method": "entity_attributes", "table": "people"}
    (row,) = describe(tmp_path, "2024-02-01", source=source, feature=attributes)
    assert row["p.country"] == "DE"


def test_a_measure_that_no_decimal_holds(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(f"{HEADER}1,2024-01-01,1e40\n")
    with pytest.raises(
        WarehouseError, match=r"reads events in .* more digits than .* a smaller sca"
    ):
        describe(tmp_path, "2024-02-01")


def test_a_sum_that_no_decimal_holds(tmp_path: Path) -> None:
    rows = "".join(f"1,2024-01-01,{9 * 10**35}\n" for _ in range(3))
    (tmp_path / "events.csv").write_text(HEADER + rows)
    with pytest.raises(WarehouseError, match=r"reads events in .* more digits .* says: .*Overflow"):
        describe(tmp_path, "2024-02-01")


def test_a_sum_of_integers_that_no_integer_holds(tmp_path: Path) -> None:
    rows = pa.table({"who": [1, 1], "at": ["2024-01-01"] * 2, "amount": [2**62, 2**62]})
    times = rows.set_column(1, "at", rows["at"].cast(pa.timestamp("us")))
    pq.write_table(times, tmp_path / "events.parquet")
    (row,) = describe(tmp_path, "2024-02-01")
    assert row["f.all.amount.sum"] == float(2**63)  # as a decimal, which holds it


@pytest.mark.parametrize("zone", ["", "+00", "+05:45"])
def test_zones_and_clocks_that_change(tmp_path: Path, zone: str) -> None:
    """The day that summer time begins has 23 hours in Berlin; a time with a zone is that moment."""
    times = {
        "": ("2024-03-31 00:30:00", "2024-03-31 01:30:00", "2024-03-31 03:30:00"),
        "+00": ("2024-03-30 23:30:00", "2024-03-31 00:30:00", "2024-03-31 01:30:00"),
        "+05:45": ("2024-03-31 05:15:00", "2024-03-31 06:15:00", "2024-03-31 07:15:00"),
    }[zone]
    (tmp_path / "events.csv").write_text(HEADER + "".join(f"1,{t}{zone},1\n" for t in times))
    (row,) = describe(tmp_path, "2024-03-31T01:30:00Z")
    assert (row["f.all.count"], row["f.all.active_days"]) == (3, 1)
    # A day is 24 hours, not 01:45 to 01:45: 00:30 is longer ago, and 01:30 is not.
    (next_day,) = describe(tmp_path, "2024-04-01 01:45:00")
    assert next_day["f.1d.count"] == 2


@pytest.mark.one_python
def test_a_csv_with_a_text_in_row_one_million(tmp_path: Path) -> None:
    rows = duckdb.sql(
        "SELECT 1 AS who, '2024-01-01 10:00:00' AS at, 5 AS amount FROM range(999999)"
    )
    path = tmp_path / "events.csv"
    rows.write_csv(str(path))
    assert open_source(tmp_path).catalog["tables"]["events"]["types"]["amount"] == "INT64"
    with path.open("a") as file:
        file.write("1,2024-01-01 10:00:00,n/a\n")
    message = (
        r"catalog.yaml:8: .*'amount' must be of the type .*, got STRING; 1 of its texts cannot"
    )
    with pytest.raises(CatalogError, match=message + r" be read, such as 'n/a'"):
        open_source(tmp_path)
