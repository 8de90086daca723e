from datetime import UTC, datetime
from typing import Any

import pytest
from mushroom import Catalog, CatalogError, MethodError, Source, load_method, parse_method
from mushroom.methods.bind import bind_method
from mushroom.query import PhysicalTable


def test_the_whole_query(source: Source) -> None:
    catalog = Catalog.model_validate(source.catalog)
    query = bind_method(
        load_method("daily_activity"),
        catalog,
        tables={"events": "orders"},
        parameters={"since": "2024-01-01", "until": "2024-02-01"},
    )
    assert query.relations == {"orders": PhysicalTable(name="shop.orders")}
    assert query.parameters == {
        "since": datetime(2023, 12, 31, 23, tzinfo=UTC),
        "until": datetime(2024, 1, 31, 23, tzinfo=UTC),
        "timezone": "Europe/Berlin",
    }
    assert (
        query.sql
        == """\
SELECT
  DATE(event_time, @timezone) AS day,
  COUNT(*) AS events,
  COUNT(DISTINCT entity_id) AS entities
FROM (
  SELECT
    CAST(`customer` AS INT64) AS `entity_id`,
    TIMESTAMP(`ordered_at`, 'Europe/Berlin') AS `event_time`
  FROM `orders`
  WHERE
    NOT `customer` IS NULL AND NOT `ordered_at` IS NULL
) AS `events`
WHERE
  event_time >= @since AND event_time < @until
GROUP BY
  day
ORDER BY
  day"""
    )


def test_a_star_takes_all_columns(source: Source) -> None:
    method = parse_method("SELECT * FROM orders ORDER BY entity_id", name="m")
    query = bind_method(method, Catalog.model_validate(source.catalog), tables={}, parameters={})
    assert "AS `revenue`" in query.sql
    assert "AS `item`" in query.sql


@pytest.mark.parametrize(
    ("tables", "parameters", "error", "message"),
    [
        ({}, {}, MethodError, "entity_activity needs the parameter 'until' of the type timestamp"),
        (
            {},
            {"until": "2024-01-01"},
            MethodError,
            "needs a table of the kind events for 'events'; name one of the catalogue's",
        ),
        (
            {"events": "people"},
            {"until": "2024-01-01"},
            MethodError,
            "needs a table of the kind events for 'events'; 'people' is of the kind attributes",
        ),
        (
            {"events": "order"},
            {"until": "2024-01-01"},
            CatalogError,
            "no table 'order'; did you mean 'orders'",
        ),
        ({"event": "orders"}, {}, MethodError, "has no table 'event'; did you mean 'events'"),
        ({}, {"untl": "x"}, MethodError, "has no parameter 'untl'; did you mean 'until'"),
        (
            {},
            {"until": "soon"},
            MethodError,
            "'until' of the method entity_activity: expected a value of the type timestamp, got",
        ),
        (
            {},
            {"until": "2024-01-01", "min_events": 0},
            MethodError,
            "'min_events' of the method entity_activity: expected a number of at least 1, got 0",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    source: Source,
    tables: dict[str, str],
    parameters: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    catalog = Catalog.model_validate(source.catalog)
    with pytest.raises(error, match=message):
        bind_method(load_method("entity_activity"), catalog, tables=tables, parameters=parameters)
