"""Catalogues and tables that do not fit each other."""

import pyarrow as pa
from refusal import Shop, refuse


def test_every_table_column_and_text_that_does_not_fit_has_its_line(shop: Shop) -> None:
    shop.as_csv("orders", lambda line: line.replace("2024-", "the year 2024-", 1))
    shop.as_csv("visits", lambda line: line)
    shop.edit("timezone: UTC", "timezone: UTC", file="catalog.yaml")
    shop.edit("expression: amount,", "expression: amuont,", file="catalog.yaml")
    shop.edit(
        "      page: page\n",
        "      page: pge\n"
        "    measures: {page: page}\n"
        "  people: {kind: attributes, table: peeple, entity: customer, columns: [age]}\n",
        file="catalog.yaml",
    )
    shop.edit("measures: {page: page}", "measures: {hits: page}", file="catalog.yaml")

    first, *rest = refuse(shop, "run")

    assert first == "case.yaml:3: `catalog` cannot be used:"
    assert [line.strip() for line in rest] == [
        "catalog.yaml:7: `tables.orders.time`: the column 'at' must be of the type TIMESTAMP or "
        "DATETIME or DATE, got STRING; 1 of its texts cannot be read, such as "
        f"{spoilt_time(shop)!r}.",
        "catalog.yaml:9: `tables.orders.measures.amount.expression`: 'orders' has no column "
        "'amuont'; did you mean 'amount'?",
        "catalog.yaml:16: `tables.visits.categories.page`: 'visits' has no column 'pge'; did you "
        "mean 'page'?",
        "catalog.yaml:17: `tables.visits.measures.hits`: the column 'page' must be of the type "
        "INT64 or FLOAT64 or NUMERIC or BIGNUMERIC, got STRING; "
        f"{number_of(shop, 'visits')} of its texts cannot be read, such as 'help'.",
        "catalog.yaml:18: `tables.people.table`: the warehouse has no table 'peeple'; it has "
        "labels, orders, visits.",
    ]


def spoilt_time(shop: Shop) -> str:
    line = (shop.folder / "data" / "orders.csv").read_text().splitlines()[1]
    return line.split(",")[1].strip('"')


def number_of(shop: Shop, table: str) -> int:
    return len((shop.folder / "data" / f"{table}.csv").read_text().splitlines()) - 1


def test_numbers_and_texts_in_one_column(shop: Shop) -> None:
    shop.as_csv("orders", lambda line: f"{line.rpartition(',')[0]},n/a")
    shop.edit("amount: {expression: amount, scale: 2}", "amount: amount", file="catalog.yaml")

    assert refuse(shop) == [
        "case.yaml:3: `catalog` cannot be used: catalog.yaml:9: `tables.orders.measures.amount`: "
        "the column 'amount' must be of the type INT64 or FLOAT64 or NUMERIC or BIGNUMERIC, got "
        "STRING; 1 of its texts cannot be read, such as 'n/a'."
    ]


def test_ids_of_two_types(shop: Shop) -> None:
    shop.table("orders", lambda t: t.set_column(0, "customer", t["customer"].cast(pa.string())))

    assert refuse(shop, "run", "--json") == [
        "case.yaml:11: `features[0].table` uses the table 'orders', whose entity column 'customer' "
        "is of the type STRING, and the labels' ids are INT64; store ids in one type everywhere."
    ]


def test_every_feature_and_model_that_cannot_be_is_told_with_mutable_attributes(shop: Shop) -> None:
    shop.edit(
        "tables:\n",
        "tables:\n  people: {kind: attributes, table: labels, entity: customer, "
        "columns: [ordered]}\n",
        file="catalog.yaml",
    )
    shop.edit(
        "features:\n",
        "features:\n  - {name: p, method: entity_attributes, table: people}\n"
        "  - {name: q, method: event_windows, table: ordrs, windows: [30d]}\n",
    )
    shop.edit("num_leaves: 4, rounds: 20", "num_leafs: 4, rounds: 0")
    shop.edit("population: visits", "population: vists")

    assert refuse(shop) == [
        "case.yaml:11: `features[0].table` cannot be used: What `people` says today may not have "
        "been known at a past `as_of`. Give its entry in the catalogue `valid_from`, the column "
        "that says since when a row holds, or `immutable: true` if its values never change.",
        "case.yaml:12: `features[1].table` cannot be used: The catalogue has no table 'ordrs'; of "
        "events, did you mean 'orders'?",
        "case.yaml:16: `models[0].params.num_leafs` cannot be used: The kind 'gbdt' has no "
        "parameter 'num_leafs'; did you mean 'num_leaves'?",
        "case.yaml:16: `models[0].params.rounds` cannot be used: The parameter 'rounds' of the "
        "kind 'gbdt' must be at least 1, got 0.",
        "case.yaml:19: `score.population` is 'vists', which the catalogue lacks; it has orders, "
        "people, visits.",
    ]


def test_a_file_that_is_no_table(shop: Shop) -> None:
    (shop.folder / "data" / "orders.parquet").write_bytes(b"PAR1 and nothing more")

    assert refuse(shop) == [
        "case.yaml:3: `catalog` cannot be used: catalog.yaml:5: `tables.orders.table`: A query "
        "that reads orders in duckdb:data failed: Invalid Input Error: No magic bytes found at end "
        "of file 'data/orders.parquet'"
    ]
