"""The query behind the `entity_attributes` method."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlglot import exp

from mushroom.catalog import Attributes, Catalog, attribute_rows, entity_id, known_with_row
from mushroom.features.entity_attributes.check import check_entity_attributes
from mushroom.features.entity_attributes.options import EntityAttributesOptions
from mushroom.features.entity_attributes.times import as_micros, is_time
from mushroom.features.expressions import (
    column,
    days,
    is_known,
    micros,
    named,
    number,
)
from mushroom.features.facts import KNOWN, NOT_FINITE
from mushroom.googlesql import base_tables, parse_query
from mushroom.query import LocalRows, PhysicalTable, Query

__all__ = ["build_entity_attributes"]

_ALWAYS = -(10**17)
"""Microseconds before the first TIMESTAMP, in the year 1: since when a row without a time holds."""

# The many columns are joined last, and compared only where rows are alike.
_STEPS = {
    "version": """
        SELECT entity_id, since, COUNT(*) AS alike
        FROM attribute
        GROUP BY entity_id, since
    """,
    "latest": """
        SELECT
          entities.entity_id,
          entities.as_of,
          version.since,
          version.alike,
          ROW_NUMBER() OVER (
            PARTITION BY entities.entity_id, entities.as_of ORDER BY version.since DESC
          ) AS place
        FROM entities
        LEFT JOIN version
          ON version.entity_id = entities.entity_id
          AND version.since <= UNIX_MICROS(entities.data_until)
    """,
    "single": """
        SELECT
          latest.entity_id,
          latest.as_of,
          attribute.entity_id AS found,
          attribute.* EXCEPT (entity_id, since)
        FROM latest
        LEFT JOIN attribute
          ON attribute.entity_id = latest.entity_id AND attribute.since = latest.since
        WHERE latest.place = 1 AND COALESCE(latest.alike, 1) = 1
    """,
    "several": """
        SELECT
          latest.entity_id,
          latest.as_of,
          attribute.entity_id AS found,
          attribute.* EXCEPT (entity_id, since),
          ROW_NUMBER() OVER (
            PARTITION BY latest.entity_id, latest.as_of ORDER BY attribute.entity_id
          ) AS choice
        FROM latest
        JOIN attribute
          ON attribute.entity_id = latest.entity_id AND attribute.since = latest.since
        WHERE latest.place = 1 AND latest.alike > 1
    """,
    "one": """
        SELECT * FROM single
        UNION ALL
        SELECT * EXCEPT (choice) FROM several WHERE choice = 1
    """,
}


def build_entity_attributes(
    options: EntityAttributesOptions, *, catalog: Catalog, entities: pa.Table
) -> Query:
    """The query that looks up attributes of entities, as they were known at `data_until`.

    In a table with versions the latest row with ``valid_from <= data_until`` counts. Of several
    rows that count alike, the one with the smallest values in the order of the columns does, NULLs
    last. An entity without a row has NULLs. A column that holds a time becomes the days from it to
    `as_of`.

    Cost: two passes over the keys, and one join of the columns. Rows are compared by all columns
    only where several count alike.

    Args:
        options: What to look up.
        catalog: A checked catalogue that has the table.
        entities: Entity rows, unique in (entity_id, as_of).

    Returns:
        A query for one row per entity row, sorted by (entity_id, as_of), which are its first
        columns, before its facts and the features.

    Raises:
        FeatureError: If the catalogue lacks the table or a column, or the table cannot tell what
            was known at a past time.
    """
    table = check_entity_attributes(options, catalog)
    names = known_with_row(table.columns) if options.columns is None else options.columns
    steps = {
        "attribute": _attributes(options.table, catalog, names),
        **{name: parse_query(text) for name, text in _STEPS.items()},
    }
    _several(steps["several"], len(names))
    tree = (
        exp.select(
            column("entity_id"),
            column("as_of"),
            named(is_known(column("found")), KNOWN),
            named(number(0), NOT_FINITE),  # those in the features themselves are counted later
            *(named(_feature(table, name, place), name) for place, name in enumerate(names)),
        )
        .from_("one")
        .order_by(column("entity_id"), column("as_of"))
    )
    for name, step in steps.items():
        tree = tree.with_(name, as_=step, copy=False)
    return Query(
        tree=tree,
        relations={
            "entities": LocalRows(rows=entities),
            "attributes": PhysicalTable(name=table.table),
        },
        by_entity={"attributes": entity_id(table)},
    )


def _attributes(name: str, catalog: Catalog, names: Sequence[str]) -> exp.Select:
    """The table's rows: `entity_id`, `since`, and the values by their places; times in micros."""
    table = catalog.attributes(name)
    rows = attribute_rows(catalog, name, columns=names)
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("attributes"))
    entity, *values = [value.unalias() for value in rows.expressions]
    since = number(_ALWAYS) if table.valid_from is None else micros(values.pop(0))
    columns = {"entity_id": entity, "since": since}
    for place, (of, value) in enumerate(zip(names, values, strict=True)):
        is_micros = is_time(table, of)
        columns[_value(place)] = (
            as_micros(table, of, value, zone=catalog.timezone) if is_micros else value
        )
    rows.set("expressions", [named(value, name) for name, value in columns.items()])
    return rows


def _feature(table: Attributes, name: str, place: int) -> exp.Expr:
    value = column(_value(place))
    if is_time(table, name):
        return days(exp.Sub(this=micros(column("as_of")), expression=value))
    return value


def _several(step: exp.Query, values: int) -> None:
    """Let the step rank by all values."""
    best_first = [
        exp.Ordered(this=column(_value(place)), nulls_first=False) for place in range(values)
    ]
    for order in step.find_all(exp.Order):
        order.set("expressions", best_first)


def _value(place: int) -> str:
    return f"value_{place}"
