"""`entity_attributes` on a handful of rows."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mushroom.catalog import Attributes, Catalog, Column, check_catalog
from mushroom.features import FeatureError, feature_method, feature_rows
from mushroom.testing import World, entity_rows
from mushroom.warehouse import open_warehouse
from mushroom.warehouse.bigquery.address import TableName
from mushroom.warehouse.bigquery.compile import compile_query, table_rows

DAY = 24
VERSIONS = [
    # user, since, plan, age, signed up
    (1, 10 * DAY, "free", 30, 4 * DAY),
    (1, 20 * DAY, "paid", 31, 4 * DAY),
    (1, 20 * DAY, "gold", 31, 4 * DAY),
    (1, 20 * DAY, None, 31, 4 * DAY),
    (2, 30 * DAY, "free", None, None),
]
METHOD = feature_method("entity_attributes")


def describe(folder: Path, rows: list[tuple[int, float, float]]) -> list[dict[str, Any]]:
    world = World.of(events=[], attributes=VERSIONS)
    world.write(folder)
    entities = entity_rows(rows)
    query = METHOD.query(
        METHOD.parse({"table": "attributes"}), catalog=world.catalog, entities=entities
    )
    answer = open_warehouse(f"duckdb:{folder}", root=folder).run(query)
    found: list[dict[str, Any]] = feature_rows(answer, name="f", entities=entities).to_pylist()
    return found


def test_the_latest_version_known_at_data_until(tmp_path: Path) -> None:
    rows = [(1, d * DAY, k * DAY) for d, k in ((9, 9), (10, 10), (25, 15), (26, 26))]
    found = describe(tmp_path, [*rows, (2, 30 * DAY, 30 * DAY), (3, 30 * DAY, 30 * DAY)])
    assert [tuple(row.values())[4:] for row in found] == [
        # age, plan, days since signing up; columns by name
        (None, None, None),
        (30, "free", 6.0),
        (30, "free", 21.0),
        (31, "gold", 22.0),
        (None, "free", None),
        (None, None, None),
    ]
    assert list(found[0])[4:] == ["f.age", "f.plan", "f.signed_up"]
    assert [row["fact:known"] for row in found] == [False, True, True, True, True, False]


def lookup(folder: Path, columns: dict[str, pa.Array]) -> pa.Table:
    """The features of the entities a, b and c, of whom c has no row."""
    pq.write_table(pa.table({"id": ["a", "b"], **columns}), folder / "people.parquet")
    warehouse = open_warehouse(f"duckdb:{folder}", root=folder)
    entry = {"kind": "attributes", "table": "people", "entity": "id", "immutable": True}
    catalog = Catalog.model_validate({"tables": {"p": {**entry, "columns": list(columns)}}})
    entities = entity_rows([(1, 0, 0), (2, 0, 0), (3, 0, 0)], ids="string")
    entities = entities.set_column(0, "entity_id", pa.array(["a", "b", "c"], pa.string()))
    query = METHOD.query(
        METHOD.parse({"table": "p"}), catalog=check_catalog(catalog, warehouse), entities=entities
    )
    return feature_rows(warehouse.run(query), name="p", entities=entities)


def test_numbers_that_are_not_finite_are_missing_and_counted(tmp_path: Path) -> None:
    nan, inf = float("nan"), float("inf")
    found = lookup(tmp_path, {"x": pa.array([nan, 1.5]), "y": pa.array([-inf, inf], pa.float32())})
    assert found["p.x"].to_pylist() == [None, 1.5, None]
    assert found["p.y"].to_pylist() == [None, None, None]
    assert found["fact:not_finite"].to_pylist() == [1, 1, 0]
    assert found["fact:known"].to_pylist() == [True, True, False]


def test_a_column_without_any_value_is_a_missing_number(tmp_path: Path) -> None:
    found = lookup(tmp_path, {"untyped": pa.nulls(2), "text": pa.array([None, None], pa.string())})
    assert found["p.untyped"].to_pylist() == [None] * 3
    assert found.schema.field("p.untyped").type == pa.float64()
    assert found.schema.field("p.text").type == pa.string()


def test_immutable_attributes_hold_at_any_time(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"id": ["a", "b", "b"], "vip": [True, False, True], "born": [1, 2, 2]}),
        tmp_path / "people.parquet",
    )
    warehouse = open_warehouse(f"duckdb:{tmp_path}", root=tmp_path)
    entry = {"kind": "attributes", "table": "people", "entity": "id", "immutable": True}
    catalog = Catalog.model_validate({"tables": {"p": {**entry, "columns": ["vip", "born"]}}})
    entities = entity_rows([(1, 0, 0)], ids="string").set_column(
        0, "entity_id", pa.array(["b"], pa.string())
    )
    query = METHOD.query(
        METHOD.parse({"table": "p", "columns": ["vip"]}),
        catalog=check_catalog(catalog, warehouse),
        entities=entities,
    )
    found = feature_rows(warehouse.run(query), name="p", entities=entities)
    assert found["p.vip"].to_pylist() == [0]


def test_attributes_without_a_history_are_refused() -> None:
    entry = {"kind": "attributes", "table": "people", "entity": "id", "columns": ["vip"]}
    catalog = Catalog.model_validate({"tables": {"people": entry}})
    with pytest.raises(
        FeatureError, match="Give its entry in the catalogue `valid_from`"
    ) as caught:
        METHOD.check(METHOD.parse({"table": "people"}), catalog)
    assert caught.value.path == ("table",)


def test_the_text_of_many_columns_is_not_too_long_for_bigquery() -> None:
    """BigQuery takes queries of at most 1 MB, and tables of at most 10,000 columns."""
    names = [f"c{number}" for number in range(1_000, 2_000)]
    people = Attributes.model_construct(
        kind="attributes",
        table="people",
        entity="who",
        immutable=True,
        columns={name: Column(column=name) for name in names},
        types={"who": "INT64", **dict.fromkeys(names, "INT64")},
    )
    catalog = Catalog.model_construct(timezone="UTC", tables={"people": people})
    options = METHOD.parse({"table": "people"})
    query = METHOD.query(options, catalog=catalog, entities=entity_rows([]))
    text = compile_query(
        query,
        table=lambda name: table_rows(TableName(project="p", dataset="d", table=name)),
        uploaded={},
    )
    assert len(text) < 95 * len(names)
