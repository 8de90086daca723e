from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mushroom import Catalog, CatalogError, Source, open_warehouse
from mushroom.entities import shard_of
from mushroom.population import population_query

TIME = datetime(2024, 1, 2, 22, tzinfo=UTC)


def known(source: Source, table: str, until: datetime) -> list[tuple[int, int]]:
    """The ids and shards of the population."""
    catalog = Catalog.model_validate(source.catalog)
    query = population_query(catalog, table, data_until=until, shards=4)
    rows = open_warehouse(source.warehouse, root=Path(source.root)).run(query)
    return [(row["entity_id"], row["shard"]) for row in rows.to_pylist()]


def test_the_whole_query(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    query = population_query(catalog, "orders", data_until=TIME, shards=4)
    assert query.parameters == {"shards": 4, "data_until": TIME}
    assert (
        query.sql
        == """\
WITH entities_known AS (
  SELECT DISTINCT
    entity_id
  FROM (
    SELECT
      CAST(`customer` AS INT64) AS `entity_id`,
      TIMESTAMP(`ordered_at`, 'Europe/Berlin') AS `event_time`
    FROM `orders`
    WHERE
      NOT `customer` IS NULL AND NOT `ordered_at` IS NULL
  ) AS candidates
  WHERE
    event_time <= @data_until
)
SELECT
  entity_id,
  MOD(
    CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5(CAST(entity_id AS STRING))), 1, 15)) AS INT64),
    @shards
  ) AS shard
FROM entities_known
ORDER BY
  shard,
  entity_id"""
    )


@pytest.mark.parametrize(
    ("until", "ids"),
    [
        (datetime(2024, 1, 1, 8, 59, tzinfo=UTC), set()),
        (datetime(2024, 1, 1, 9, tzinfo=UTC), {1}),
        (TIME, {1, 2}),
        (datetime(2025, 1, 1, tzinfo=UTC), {1, 2, 3}),
    ],
)
def test_an_entity_is_known_from_its_first_event_on(
    source: Source, until: datetime, ids: set[int]
) -> None:
    assert {entity for entity, _ in known(source, "orders", until)} == ids


def test_rows_come_by_shard_and_id(source: Source) -> None:
    found = known(source, "people", TIME)
    assert sorted(found, key=lambda row: (row[1], row[0])) == found
    assert {entity for entity, _ in found} == {1, 4}


def test_versions_count_from_their_time_on(shop: Path) -> None:
    times = [datetime(2024, 1, 1), datetime(2024, 2, 1)]
    pq.write_table(pa.table({"id": ["a", "b"], "since": times}), shop / "versions.parquet")
    table = {
        "kind": "attributes",
        "table": "versions",
        "entity": "id",
        "columns": ["since"],
        "valid_from": "since",
    }
    catalog = Catalog.model_validate({"tables": {"versions": table}})
    source = Source.of("duckdb:shop", root=shop.parent, catalog=catalog)
    assert [entity for entity, _ in known(source, "versions", TIME)] == ["a"]


def test_an_unknown_table_gets_a_suggestion(source: Source) -> None:
    with pytest.raises(CatalogError, match="no table 'order'; did you mean 'orders'"):
        known(source, "order", TIME)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, unique=True)
    | st.lists(st.text(st.characters(codec="utf-8")), min_size=1, unique=True),
)
def test_sql_and_python_agree_on_shards(tmp_path: Path, ids: list[int] | list[str]) -> None:
    pq.write_table(pa.table({"id": ids}), tmp_path / "t.parquet")
    table = {"kind": "attributes", "table": "t", "entity": "id", "columns": ["id"]}
    catalog = Catalog.model_validate({"tables": {"t": table}})
    source = Source.of(f"duckdb:{tmp_path}", root=tmp_path, catalog=catalog)
    wanted = sorted((shard_of(entity, 4), entity) for entity in ids)
    assert [(shard, entity) for entity, shard in known(source, "t", TIME)] == wanted
