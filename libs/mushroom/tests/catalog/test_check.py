from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom import Catalog, CatalogError, Query, check_catalog, load_catalog, open_warehouse
from mushroom.warehouse.duckdb.warehouse import DuckDBWarehouse


def test_types_are_filled_in(catalog: Catalog, shop: Path) -> None:
    checked = check_catalog(catalog, open_warehouse("duckdb:shop", root=shop.parent))
    assert checked.tables["orders"].types == {
        "customer": "INT64",
        "ordered_at": "DATETIME",
        "price": "FLOAT64",
        "pieces": "INT64",
        "item": "STRING",
    }
    assert Catalog.model_validate(checked.as_json()).as_json() == checked.as_json()


def test_each_fault_has_its_line_and_a_suggestion(shop: Path) -> None:
    path = shop.parent / "wrong.yaml"
    path.write_text(
        """\
tables:
  orders:
    kind: events
    table: shop.orders
    entity: custmer
    time: item
    available_at: pieces
    where: pric > 0
    measures: {revenue: {expression: price * amount}, item: item}
    categories: {thing: itm}
  people: {kind: attributes, table: peeple, entity: customer, columns: [country]}
  others: {kind: attributes, table: people, entity: customer, columns: [x], valid_from: country}
""",
        encoding="utf-8",
    )
    with pytest.raises(CatalogError) as caught:
        check_catalog(load_catalog(path), open_warehouse("duckdb:shop", root=shop.parent))
    assert str(caught.value).replace(f"{path}:", "").splitlines() == [
        "5: `tables.orders.entity`: 'shop.orders' has no column 'custmer'; "
        "did you mean 'customer'?",
        "6: `tables.orders.time`: the column 'item' must be of the type TIMESTAMP or DATETIME or "
        "DATE, got STRING; 5 of its texts cannot be read, such as 'a'.",
        "7: `tables.orders.available_at`: the column 'pieces' must be of the type TIMESTAMP or "
        "DATETIME or DATE, got INT64.",
        "8: `tables.orders.where`: 'shop.orders' has no column 'pric'; did you mean 'price'?",
        "9: `tables.orders.measures.item`: the column 'item' must be of the type INT64 or FLOAT64 "
        "or NUMERIC or BIGNUMERIC, got STRING; 5 of its texts cannot be read, such as 'a'.",
        "9: `tables.orders.measures.revenue.expression`: 'shop.orders' has no column 'amount'; "
        "it has customer, item, ordered_at, pieces, price.",
        "10: `tables.orders.categories.thing`: 'shop.orders' has no column 'itm'; "
        "did you mean 'item'?",
        "11: `tables.people.table`: the warehouse has no table 'peeple'; did you mean 'people'?",
        "12: `tables.others.columns.x`: 'people' has no column 'x'; it has country, customer.",
        "12: `tables.others.valid_from`: the column 'country' must be of the type TIMESTAMP or "
        "DATETIME or DATE, got STRING; 2 of its texts cannot be read, such as 'DE'.",
    ]


def test_a_catalogue_without_a_file_gives_field_paths(shop: Path) -> None:
    table = {"kind": "attributes", "table": "peeple", "entity": "customer", "columns": ["x"]}
    catalog = Catalog.model_validate({"tables": {"people": table}})
    with pytest.raises(CatalogError, match=r"^`tables\.people\.table`: the warehouse has no table"):
        check_catalog(catalog, open_warehouse("duckdb:shop", root=shop.parent))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"where": "price"}, "where`: 'price' must be a condition, true or false; it is of the ty"),
        ({"where": "ODD(item)"}, "where`: the warehouse cannot compute 'ODD.item.': "),
        ({"measures": {"m": {"expression": "LOWER(item)"}}}, "m.expression`: .* must be a number"),
        ({"categories": {"c": {"expression": "price + ordered_at"}}}, "cannot compute 'price . o"),
    ],
)
def test_the_warehouse_must_understand_expressions(
    shop: Path, entry: dict[str, object], message: str
) -> None:
    orders = {"kind": "events", "table": "shop.orders", "entity": "customer", "time": "ordered_at"}
    catalog = Catalog.model_validate({"tables": {"orders": {**orders, **entry}}})
    with pytest.raises(CatalogError, match=message):
        check_catalog(catalog, open_warehouse("duckdb:shop", root=shop.parent))


def test_a_csv_file_without_rows_tells_no_types(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("who,at\n")
    table = {"kind": "events", "table": "t", "entity": "who", "time": "at"}
    catalog = Catalog.model_validate({"tables": {"t": table}})
    with pytest.raises(CatalogError, match=r"'at' must .*; it holds no text .* and Parquet tells"):
        check_catalog(catalog, open_warehouse("duckdb:.", root=tmp_path))


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([["a"]]), "ARRAY<STRING>"),
        (pa.array([b"a"]), "BYTES"),
        (pa.array([{"a": 1}]), r"STRUCT.*"),
    ],
)
def test_categories_have_a_text_on_every_warehouse(
    tmp_path: Path, column: pa.Array, kind: str
) -> None:
    rows = {"who": [1], "at": [datetime(2024, 1, 1)]}
    pq.write_table(pa.table({**rows, "c": column, "none": pa.nulls(1)}), tmp_path / "t.parquet")
    table = {"kind": "events", "table": "t", "entity": "who", "time": "at"}
    warehouse = open_warehouse("duckdb:.", root=tmp_path)
    check_catalog(
        Catalog.model_validate({"tables": {"t": {**table, "categories": {"c": "none"}}}}), warehouse
    )
    catalog = Catalog.model_validate({"tables": {"t": {**table, "categories": {"c": "c"}}}})
    with pytest.raises(CatalogError, match=rf"'c' must be of the type .* or TIME, got {kind}\.$"):
        check_catalog(catalog, warehouse)


def test_references_lead_to_a_table_with_ids_of_their_type(shop: Path) -> None:
    path = shop.parent / "wrong.yaml"
    path.write_text(
        """\
tables:
  orders:
    kind: events
    table: shop.orders
    entity: customer
    time: ordered_at
    references:
      who: {column: customer, table: people}
      item: {column: item, table: people}
      lost: {column: itme, table: peeple}
      odd: {column: price, table: people}
  people: {kind: attributes, table: people, entity: customer, columns: [country]}
""",
        encoding="utf-8",
    )
    with pytest.raises(CatalogError) as caught:
        check_catalog(load_catalog(path), open_warehouse("duckdb:shop", root=shop.parent))
    assert str(caught.value).replace(f"{path}:", "").splitlines() == [
        "9: `tables.orders.references.item.column`: the column 'item' is of the type STRING, and "
        "'customer', the entity of 'people', is of the type INT64; no id of one would be found in "
        "the other.",
        "10: `tables.orders.references.lost.column`: 'shop.orders' has no column 'itme'; "
        "did you mean 'item'?",
        "10: `tables.orders.references.lost.table`: the catalogue has no table 'peeple'; "
        "did you mean 'people'?",
        "11: `tables.orders.references.odd.column`: the column 'price' is of the type FLOAT64, and "
        "'customer', the entity of 'people', is of the type INT64; no id of one would be found in "
        "the other.",
        "11: `tables.orders.references.odd.column`: the column 'price' must be of the type INT64 "
        "or STRING, got FLOAT64.",
    ]


def test_a_misspelt_field_of_a_reference_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    entry = "{kind: events, table: t, entity: u, time: t, references: {r: {column: c, tabel: x}}}"
    path.write_text(f"tables:\n  a: {entry}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"wrong.yaml:2: .*did you mean 'table'"):
        load_catalog(path)


class Counting(DuckDBWarehouse):
    """Counts the queries that it is asked."""

    asked = 0

    def run(self, query: Query, *, threads: int = 1) -> pa.Table:
        self.asked += 1
        return super().run(query, threads=threads)


def test_all_expressions_of_a_table_are_asked_at_once(shop: Path) -> None:
    measures = {f"m{n}": {"expression": f"price * {n}"} for n in range(9)}
    table = {"kind": "events", "table": "shop.orders", "entity": "customer", "time": "ordered_at"}
    warehouse = Counting("duckdb:shop", place=shop)
    for where, asked in (("pieces > 1", 1), ("pieces + 1", 1), ("price > item", 1 + 10)):
        content = {"tables": {"o": {**table, "where": where, "measures": measures}}}
        warehouse.asked = 0
        with suppress(CatalogError):
            check_catalog(Catalog.model_validate(content), warehouse)
        assert warehouse.asked == asked
