from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import Catalog, CatalogError, Query, Source, check_catalog, open_warehouse
from mushroom.catalog import attribute_rows, event_rows


def test_events_as_sql(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    tree = event_rows(catalog, "orders", measures=["revenue"], categories=["item"])
    assert (
        tree.sql(dialect="bigquery", pretty=True)
        == """\
SELECT
  CAST(`customer` AS INT64) AS `entity_id`,
  TIMESTAMP(`ordered_at`, 'Europe/Berlin') AS `event_time`,
  ROUND(
    CAST(IF(
      IS_NAN(CAST(price * pieces AS FLOAT64))
      OR IS_INF(CAST(price * pieces AS FLOAT64)),
      NULL,
      price * pieces
    ) AS NUMERIC),
    2
  ) AS `revenue`,
  CAST(`item` AS STRING) AS `item`
FROM `orders`
WHERE
  NOT `customer` IS NULL AND NOT `ordered_at` IS NULL"""
    )


def test_events_as_rows(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    tree = event_rows(catalog, "orders", measures=["revenue"], categories=["item"])
    query = Query(
        tree=tree.order_by("entity_id", "event_time"),
        relations={"orders": catalog.relation("orders")},
    )
    rows = open_warehouse(source.warehouse, root=Path(source.root)).run(query).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (1, datetime(2024, 1, 1, 9, tzinfo=UTC), Decimal("1.26"), "a"),
        (1, datetime(2024, 1, 2, 9, tzinfo=UTC), Decimal("4.00"), "b"),
        (2, datetime(2024, 1, 2, 22, tzinfo=UTC), Decimal("9.00"), "a"),
        (3, datetime(2024, 6, 30, 22, tzinfo=UTC), Decimal("16.00"), None),
    ]


def events(**changes: Any) -> Catalog:
    types = {"id": "STRING", "day": "DATE", "at": "TIMESTAMP", "seen": "TIMESTAMP"}
    table = {"kind": "events", "table": "t", "entity": "id", "time": "at", "types": types}
    return Catalog.model_validate({"timezone": "Asia/Tokyo", "tables": {"t": {**table, **changes}}})


@pytest.mark.parametrize(
    ("changes", "time"),
    [
        ({}, "`at`"),
        ({"available_at": "seen"}, "`seen`"),
        ({"time": "day"}, "TIMESTAMP(DATE_ADD(`day`, INTERVAL '1' DAY), 'Asia/Tokyo')"),
    ],
)
def test_an_event_counts_from_when_it_could_be_known(changes: dict[str, Any], time: str) -> None:
    sql = event_rows(events(**changes), "t").sql(dialect="bigquery")
    assert sql.startswith(f"SELECT CAST(`id` AS STRING) AS `entity_id`, {time} AS `event_time` ")


def test_a_day_of_events_is_known_at_its_end(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"id": ["a"], "day": pa.array([19723], pa.date32())}), tmp_path / "t.parquet"
    )
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    catalog = events(time="day", types={"id": "STRING", "day": "DATE"})
    query = Query(tree=event_rows(catalog, "t"), relations={"t": catalog.relation("t")})
    found = warehouse.run(query)["event_time"].to_pylist()
    assert found == [datetime(2024, 1, 1, 15, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("zone", "clock", "moment"),
    [
        ("Europe/Berlin", datetime(2024, 3, 31, 1, 59), datetime(2024, 3, 31, 0, 59, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2024, 3, 31, 2, 30), datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2024, 3, 31, 3), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        (
            "Europe/Berlin",
            datetime(2024, 10, 27, 1, 59),
            datetime(2024, 10, 26, 23, 59, tzinfo=UTC),
        ),
        ("Europe/Berlin", datetime(2024, 10, 27, 2, 30), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),
        (
            "America/New_York",
            datetime(2024, 3, 10, 2, 30),
            datetime(2024, 3, 10, 7, 30, tzinfo=UTC),
        ),
        (
            "America/New_York",
            datetime(2024, 11, 3, 1, 30),
            datetime(2024, 11, 3, 6, 30, tzinfo=UTC),
        ),
    ],
)
def test_an_event_in_a_gap_or_an_overlap_of_the_clocks_is_the_later_moment(
    tmp_path: Path, zone: str, clock: datetime, moment: datetime
) -> None:
    rows = pa.table({"id": ["a"], "at": pa.array([clock], pa.timestamp("us"))})
    pq.write_table(rows, tmp_path / "t.parquet")
    catalog = events(types={"id": "STRING", "at": "DATETIME"}).model_copy(update={"timezone": zone})
    query = Query(tree=event_rows(catalog, "t"), relations={"t": catalog.relation("t")})
    found = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path).run(query)
    assert found["event_time"].to_pylist() == [moment]


def test_the_filter_is_one_condition() -> None:
    sql = event_rows(events(where="a OR b"), "t").sql(dialect="bigquery")
    assert sql.endswith("WHERE NOT `id` IS NULL AND NOT `at` IS NULL AND (a OR b)")


def test_versions_of_attributes() -> None:
    types = {"id": "INT64", "since": "DATETIME", "name": "STRING"}
    table = {
        "kind": "attributes",
        "table": "t",
        "entity": "id",
        "columns": {"name": "name", "initial": {"expression": "SUBSTR(name, 1, 1)"}},
        "valid_from": "since",
        "types": types,
    }
    catalog = Catalog.model_validate({"tables": {"t": table}})
    sql = attribute_rows(catalog, "t", columns=["initial", "name"]).sql(dialect="bigquery")
    assert sql == (
        "SELECT CAST(`id` AS INT64) AS `entity_id`, TIMESTAMP(`since`, 'UTC') AS `valid_from`, "
        "SUBSTR(name, 1, 1) AS `initial`, `name` AS `name` FROM `t` "
        "WHERE NOT `id` IS NULL AND NOT `since` IS NULL"
    )


def test_unknown_names_get_a_suggestion(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    with pytest.raises(CatalogError, match="no measure named 'revenu'; did you mean 'revenue'"):
        event_rows(catalog, "orders", measures=["revenu"])
    with pytest.raises(CatalogError, match="no category named 'color'; it has item"):
        event_rows(catalog, "orders", categories=["color"])
    with pytest.raises(CatalogError, match="no column named 'x'; it has country"):
        attribute_rows(catalog, "people", columns=["x"])


def test_a_catalogue_must_be_checked_first(catalog: Catalog, shop: Path) -> None:
    with pytest.raises(
        CatalogError, match=r"type of the column 'customer' of 'shop\.orders' is not"
    ):
        event_rows(catalog, "orders")
    checked = check_catalog(catalog, open_warehouse("duckdb:shop", root=shop.parent))
    event_rows(checked, "orders")


@pytest.mark.parametrize(
    ("kind", "measure", "category"),
    [
        ("INT64", "CAST(`x` AS NUMERIC)", "CAST(`x` AS STRING)"),
        (
            "FLOAT64",
            "CAST(IF(IS_NAN(`x`) OR IS_INF(`x`), NULL, `x`) AS NUMERIC)",
            "CAST(IF(IS_NAN(`x`) OR IS_INF(`x`), NULL, `x`) AS STRING)",
        ),
    ],
)
def test_only_floats_are_asked_whether_they_are_finite(
    kind: str, measure: str, category: str
) -> None:
    types = {"id": "STRING", "at": "TIMESTAMP", "x": kind}
    catalog = events(types=types, measures={"m": "x"}, categories={"c": "x"})
    sql = event_rows(catalog, "t", measures=["m"], categories=["c"]).sql(dialect="bigquery")
    assert f"ROUND({measure}, 2) AS `m`, {category} AS `c`" in sql
