"""A small company whose tables feature methods are tried on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mushroom.catalog import Catalog

__all__ = ["START", "Ids", "World", "entity_rows"]

START = datetime(2024, 1, 1, tzinfo=UTC)

_TIME = pa.timestamp("us", tz="UTC")
_KNOWN = {"events": "loaded_at", "attributes": "since"}
_COLUMNS = {
    "events": {
        "happened_at": _TIME,
        "loaded_at": _TIME,
        "amount": pa.float64(),
        "item": pa.string(),
    },
    "attributes": {"since": _TIME, "plan": pa.string(), "age": pa.int64(), "signed_up": _TIME},
}
_SQL_TYPES = {
    _TIME: "TIMESTAMP",
    pa.float64(): "FLOAT64",
    pa.int64(): "INT64",
    pa.string(): "STRING",
}
_OTHER_VALUES: dict[str, Any] = {
    "amount": 1234.5,
    "item": "elsewhere",
    "plan": "elsewhere",
    "age": 99,
    "signed_up": START,
}
_CATALOG: dict[str, dict[str, Any]] = {
    "events": {
        "kind": "events",
        "table": "events",
        "entity": "user",
        "time": "happened_at",
        "available_at": "loaded_at",
        "measures": {"amount": {"column": "amount", "scale": 2}},
        "categories": {"item": "item"},
        "references": {
            "owner": {"column": "user", "table": "attributes"},
            "item": {"column": "item", "table": "events_of_items"},
        },
    },
    "events_of_items": {
        "kind": "events",
        "table": "events",
        "entity": "item",
        "time": "happened_at",
        "available_at": "loaded_at",
        "measures": {"amount": {"column": "amount", "scale": 2}},
    },
    "attributes": {
        "kind": "attributes",
        "table": "attributes",
        "entity": "user",
        "valid_from": "since",
        "columns": ["plan", "age", "signed_up"],
    },
}

Ids = Literal["int64", "string"]
Row = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class World:
    """The company's tables.

    Attributes:
        tables: ``events``, and ``attributes`` with versions.
    """

    tables: dict[str, pa.Table]

    @property
    def catalog(self) -> Catalog:
        """The catalogue of the tables, checked: with the columns' types."""
        types = {
            name: {field.name: _SQL_TYPES[field.type] for field in table.schema}
            for name, table in self.tables.items()
        }
        tables = {
            name: {**entry, "types": types[entry["table"]]} for name, entry in _CATALOG.items()
        }
        return Catalog.model_validate({"timezone": "Europe/Berlin", "tables": tables})

    @classmethod
    def of(cls, *, events: Iterable[Row], attributes: Iterable[Row], ids: Ids = "int64") -> World:
        """A world of the given rows.

        Args:
            events: Rows of user, hour it happened and was loaded (since `START`), amount, item.
            attributes: Rows of user, hour since when it holds, plan, age, hour of signing up.
            ids: The type of users' ids; given as integers, or None.
        """
        event_rows = [(_id(u, ids), _at(h), _at(k), a, i) for u, h, k, a, i in events]
        attribute_rows = [(_id(u, ids), _at(s), p, a, _at(o)) for u, s, p, a, o in attributes]
        return cls(
            tables={
                "events": _table(event_rows, _schema("events", ids)),
                "attributes": _table(attribute_rows, _schema("attributes", ids)),
            }
        )

    @classmethod
    def random(cls, *, users: int, rows: int, seed: int, ids: Ids = "int64") -> World:
        """A world of random rows over 100 days, with many equal times, values and counts."""
        random = np.random.default_rng(seed)
        hours = random.integers(0, 2400, (2, rows)).tolist()
        who = random.integers(0, users, (2, rows)).tolist()
        cents = random.integers(-5000, 50_000, rows).tolist()
        item = random.integers(0, 7, rows).tolist()
        events = [
            (u, h, h + c % 3, c / 100, f"item {i}" if i else None)
            for u, h, c, i in zip(who[0], hours[0], cents, item, strict=True)
        ]
        attributes = [
            (u, h // 24 * 24, f"plan {i}", c % 90 or None, h)
            for u, h, c, i in zip(who[1], hours[1], cents, item, strict=True)
        ]
        return cls.of(events=events, attributes=attributes[: rows // 4], ids=ids)

    def earlier(self, *, hours: int) -> World:
        """The same, so many hours before."""
        back = pa.scalar(timedelta(hours=hours))
        tables = dict(self.tables)
        for name, table in tables.items():
            for place, field in enumerate(table.schema):
                if pa.types.is_timestamp(field.type):
                    moved = pc.subtract(table[field.name], back)
                    table = table.set_column(place, field, moved)  # noqa: PLW2901
            tables[name] = table
        return replace(self, tables=tables)

    def known_at(self, until: datetime) -> World:
        """The world as it could be read at a time."""
        kept = {
            name: table.filter(pc.less_equal(table[_KNOWN[name]], pa.scalar(until, _TIME)))
            for name, table in self.tables.items()
        }
        return replace(self, tables=kept)

    def futures(self, other: World, until: datetime) -> Iterator[World]:
        """The world with other rows after a time.

        First with none; then each says something else, and those of another world are added.
        """
        known = self.known_at(until)
        yield known
        changed = {name: _otherwise(_after(self, name, until)) for name in known.tables}
        added = {name: _after(other, name, until) for name in known.tables}
        joined = {
            name: pa.concat_tables([rows, changed[name], added[name]])
            for name, rows in known.tables.items()
        }
        yield replace(self, tables=joined)

    def of_users(self, users: pa.Array) -> World:
        """The world in which nothing is known of anybody else."""
        kept = {n: t.filter(pc.is_in(t["user"], users)) for n, t in self.tables.items()}
        return replace(self, tables=kept)

    def in_order(self, seed: int) -> World:
        """The same rows in another order."""
        random = np.random.default_rng(seed)
        mixed = {
            name: table.take(random.permutation(table.num_rows))
            for name, table in self.tables.items()
        }
        return replace(self, tables=mixed)

    def write(self, folder: Path) -> None:
        """One Parquet file per table, in row groups small enough to be read by many threads."""
        for name, table in self.tables.items():
            pq.write_table(table, folder / f"{name}.parquet", row_group_size=4096)


def entity_rows(rows: Sequence[tuple[int, float, float]], *, ids: Ids = "int64") -> pa.Table:
    """Entity rows from tuples of user, and hours of `as_of` and `data_until` since `START`."""
    schema = pa.schema([("entity_id", _id_type(ids)), ("as_of", _TIME), ("data_until", _TIME)])
    table = _table([(_id(u, ids), _at(a), _at(k)) for u, a, k in rows], schema)
    return table.sort_by([("entity_id", "ascending"), ("as_of", "ascending")])


def _after(world: World, name: str, until: datetime) -> pa.Table:
    """The rows of a table that could be read only after a time."""
    table = world.tables[name]
    return table.filter(pc.greater(table[_KNOWN[name]], pa.scalar(until, _TIME)))


def _otherwise(table: pa.Table) -> pa.Table:
    """The same rows of the same times, that say something else."""
    columns = {
        name: pa.repeat(pa.scalar(_OTHER_VALUES[name], values.type), len(values))
        if name in _OTHER_VALUES
        else values
        for name, values in zip(table.column_names, table.columns, strict=True)
    }
    return pa.table(columns)


def _table(rows: Sequence[Row], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _schema(table: str, ids: Ids) -> pa.Schema:
    return pa.schema({"user": _id_type(ids), **_COLUMNS[table]})


def _id_type(ids: Ids) -> pa.DataType:
    return pa.int64() if ids == "int64" else pa.string()


def _id(user: int | None, ids: Ids) -> int | str | None:
    return user if user is None or ids == "int64" else f"user-{user}"


def _at(hour: float | None) -> datetime | None:
    return None if hour is None else START + timedelta(hours=hour)
