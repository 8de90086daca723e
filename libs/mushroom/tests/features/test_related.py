"""`related` on two shops' worth of rows, with answers that can be checked by eye."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from mushroom import Query, Source, load_catalog
from mushroom.catalog import Catalog
from mushroom.features import feature_method, feature_rows
from mushroom.testing import World, entity_rows
from pyarrow.csv import ConvertOptions, read_csv

Ask = Callable[[World, Query], pa.Table]
DAY = 24
ORDERS = """\
customer,ordered_at,item
1,2024-01-02 00:00:00,1
1,2024-01-03 00:00:00,2
1,2024-01-05 00:00:00,1
1,2024-01-06 00:00:00,9
2,2024-01-07 00:00:00,2
"""
ITEMS = """\
item,since,price,kind
1,2024-01-01 00:00:00,10,food
1,2024-01-04 00:00:00,20,food
1,2024-02-01 00:00:00,99,toy
2,2024-01-01 00:00:00,4,tool
"""
CATALOG = """\
tables:
  orders:
    kind: events
    table: orders
    entity: customer
    time: ordered_at
    references:
      item: {column: item, table: items}
      sales: {column: item, table: sales}
  items:
    kind: attributes
    table: items
    entity: item
    valid_from: since
    columns: [price, kind]
  sales:
    kind: events
    table: orders
    entity: item
    time: ordered_at
"""


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("shop")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "items.csv").write_text(ITEMS, encoding="utf-8")
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    return tmp_path


def table(file: Path) -> pa.Table:
    times = ("ordered_at", "since")
    kinds = ConvertOptions(column_types=dict.fromkeys(times, pa.timestamp("us")))
    return read_csv(file, convert_options=kinds)


def describe(
    ask: Ask, shop: Path, rows: list[tuple[int, float, float]], **options: Any
) -> list[Any]:
    catalog = load_catalog(shop / "catalog.yaml")
    source = Source.of(f"duckdb:{shop.name}", root=shop.parent, catalog=catalog)
    method = feature_method("related")
    entities = entity_rows(rows)
    query = method.query(
        method.parse({"table": "orders", "windows": ["all"], **options}),
        catalog=Catalog.model_validate(source.catalog),
        entities=entities,
    )
    world = World(tables={name: table(shop / f"{name}.csv") for name in ("orders", "items")})
    return feature_rows(ask(world, query), name="f", entities=entities).to_pylist()


def test_attributes_are_those_of_the_time_of_each_event(ask: Ask, shop: Path) -> None:
    (row,) = describe(ask, shop, [(1, 60 * DAY, 60 * DAY)], reference="item")
    assert row["f.all.count"] == 4  # the fourth order's item is in no list
    assert row["f.all.price.mean"] == pytest.approx((10 + 4 + 20) / 3)
    assert (row["f.all.price.min"], row["f.all.price.max"]) == (4.0, 20.0)
    assert row["f.all.kind.top"] == "food"
    assert row["f.all.kind.top_share"] == 2 / 3
    assert row["fact:known"] is True


def test_events_of_what_was_referred_to_last(ask: Ask, shop: Path) -> None:
    # As of day 5 (6 January 00:00), the last order was of item 9 at that moment.
    rows = [(1, 4 * DAY, 4 * DAY), (1, 4.5 * DAY, 3 * DAY), (1, 5 * DAY, 5 * DAY), (3, 99, 99)]
    found = describe(ask, shop, rows, reference="sales", aggregates=["count", "recency"])
    assert [(r["fact:known"], r["f.all.count"], r["f.recency"]) for r in found] == [
        (True, 2, 0.0),  # item 1, sold on days 1 and 4
        (True, 1, 2.5),  # item 2, sold on day 2
        (True, 1, 0.0),  # item 9
        (False, 0, None),
    ]


def test_events_of_all_that_was_referred_to(ask: Ask, shop: Path) -> None:
    rows = [(1, 9 * DAY, 9 * DAY), (2, 9 * DAY, 9 * DAY)]
    found = describe(ask, shop, rows, reference="sales", reach="all", aggregates=["count"])
    assert [row["f.all.count"] for row in found] == [5, 2]


def test_an_id_of_another_type_is_named_with_its_line(ask: Ask, shop: Path) -> None:
    text = CATALOG.replace("{column: item, table: sales}", "{column: ordered_at, table: salse}")
    (shop / "catalog.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="did you mean 'sales'") as caught:
        describe(ask, shop, [(1, 0, 0)], reference="sales")
    assert "catalog.yaml:9: `tables.orders.references.sales.column`" in str(caught.value)
    assert "must be of the type INT64 or STRING, got DATETIME" in str(caught.value)
