"""What every warehouse must keep to where rows are written into it."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from mushroom.errors import WarehouseError
from mushroom.googlesql import parse_query
from mushroom.query import PhysicalTable, Query
from mushroom.warehouse import Warehouse, append_rows, write_table

__all__ = ["WritingContract"]

_OLD = pa.table({"x": [1, 2], "s": ["a", None]})
_NEW = pa.table({"x": [3, 4], "s": ["c", "ä"]})
_QUESTIONS = count()
_EARLY = datetime(1815, 12, 10, 3, 4, 5, 678901, tzinfo=UTC)


class WritingContract:
    """The laws of written tables; `WarehouseContract` has them all."""

    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        """A warehouse with exactly these tables; ``folder`` is empty, or was used for it before."""
        raise NotImplementedError(f"{type(self).__name__} must define make().")

    def test_a_table_is_replaced(self, tmp_path: Path) -> None:
        """All that it held goes; the same again leaves the same."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        for _ in range(2):
            batches = _NEW.to_batches(max_chunksize=1)
            assert write_table(warehouse, "t", batches, schema=_NEW.schema) == 2
        assert rows_of(warehouse, "t") == _NEW.to_pylist()

    def test_a_table_is_replaced_by_one_of_other_columns(self, tmp_path: Path) -> None:
        """Columns go with what they held."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        other = pa.table({"y": [True, None]})
        write_table(warehouse, "t", other.to_batches(), schema=other.schema)
        assert warehouse.columns("t") == {"y": "BOOL"}
        assert rows_of(warehouse, "t") == other.to_pylist()

    def test_a_table_is_made(self, tmp_path: Path) -> None:
        """One that is not there yet, with rows or without."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        write_table(warehouse, "new", _NEW.to_batches(), schema=_NEW.schema)
        write_table(warehouse, "empty", [], schema=_NEW.schema)
        add(warehouse, _NEW, "first", table="added")
        assert warehouse.tables() == ("added", "empty", "new", "t")
        assert rows_of(warehouse, "new") == rows_of(warehouse, "added") == _NEW.to_pylist()
        assert rows_of(warehouse, "empty") == []
        assert warehouse.columns("empty") == {"x": "INT64", "s": "STRING"}

    def test_rows_are_added(self, tmp_path: Path) -> None:
        """What was there stays."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        assert add(warehouse, _NEW, "second") == 2
        assert rows_of(warehouse, "t") == [*_OLD.to_pylist(), *_NEW.to_pylist()]

    def test_columns_are_found_by_their_names(self, tmp_path: Path) -> None:
        """Added rows may have them in any order."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        add(warehouse, _NEW.select(["s", "x"]), "second")
        assert rows_of(warehouse, "t") == [*_OLD.to_pylist(), *_NEW.to_pylist()]
        assert list(warehouse.columns("t")) == ["x", "s"]

    def test_an_addition_is_made_once(self, tmp_path: Path) -> None:
        """Asked again, by whomever, it is there already; under another name it is another."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        for name in ("week 1", "week 1", "week 2", "week 1"):
            assert add(warehouse, _NEW, name) == 2
        assert len(rows_of(warehouse, "t")) == 6
        write_table(warehouse, "t", _OLD.to_batches(), schema=_OLD.schema)
        add(warehouse, _NEW, "week 2")
        assert rows_of(warehouse, "t") == _OLD.to_pylist()

    def test_additions_of_tables_are_told_apart(self, tmp_path: Path) -> None:
        """The same name may be given for each table."""
        warehouse = self.make(tmp_path, {"t": _OLD, "u": _OLD})
        add(warehouse, _NEW, "week 1")
        add(warehouse, _NEW, "week 1", table="u")
        assert len(rows_of(warehouse, "t")) == len(rows_of(warehouse, "u")) == 4

    def test_an_addition_of_other_rows_is_refused(self, tmp_path: Path) -> None:
        """Nothing is left out unsaid."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        add(warehouse, _NEW, "week 1")
        with pytest.raises(WarehouseError, match=r"'week 1' .* other rows"):
            add(warehouse, _NEW.slice(1), "week 1")
        assert len(rows_of(warehouse, "t")) == 4

    def test_how_rows_are_cut_into_batches_does_not_matter(self, tmp_path: Path) -> None:
        """The same rows are the same addition."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        add(warehouse, _NEW, "week 1")
        append_rows(
            warehouse,
            "t",
            _NEW.to_batches(max_chunksize=1),
            schema=_NEW.schema,
            addition="week 1",
        )
        assert len(rows_of(warehouse, "t")) == 4

    def test_rows_are_added_to_days(self, tmp_path: Path) -> None:
        """To a table that is made partitioned, and to it when it is there."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        rows = pa.table({"day": [date(2026, 1, 2), date(1969, 1, 3)], "x": [1, 2]})
        for name in ("a", "b", "b"):
            append_rows(
                warehouse,
                "p",
                rows.to_batches(),
                schema=rows.schema,
                addition=name,
                partitioned_by="day",
            )
        assert [row["x"] for row in rows_of(warehouse, "p")] == [2, 2, 1, 1]

    def test_added_values_come_back_as_they_are(self, tmp_path: Path) -> None:
        """Narrow and wide types alike, as the types that a query gives."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        rows = pa.table(
            {
                "x": pa.array([1, None], pa.int8()),
                "f": pa.array([0.5, None], pa.float32()),
                "s": pa.array(["a", None], pa.large_string()),
                "c": pa.array(["a", None]).dictionary_encode(),
                "at": pa.array([_EARLY, None], pa.timestamp("ns", tz="Europe/Berlin")),
                "d": pa.array([date(1815, 12, 10), None]),
                "b": pa.array([True, None]),
            }
        )
        write_table(warehouse, "made", rows.to_batches(), schema=rows.schema)
        add(warehouse, rows, "again", table="made")
        assert warehouse.columns("made") == {
            "x": "INT64",
            "f": "FLOAT64",
            "s": "STRING",
            "c": "STRING",
            "at": "TIMESTAMP",
            "d": "DATE",
            "b": "BOOL",
        }
        day = date(1815, 12, 10)
        full = {"x": 1, "f": 0.5, "s": "a", "c": "a", "at": _EARLY, "d": day, "b": True}
        assert rows_of(warehouse, "made") == [full, full, *[dict.fromkeys(full)] * 2]

    def test_rows_that_do_not_fit_are_refused(self, tmp_path: Path) -> None:
        """Each column at fault is named, and the table stays as it was."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        for rows, said in (
            (pa.table({"x": [1]}), "they lack its column 's' (STRING)"),
            (_NEW.append_column("y", pa.array([True, True])), "it has no column 'y' (BOOL)"),
            (pa.table({"x": [0.5], "s": ["a"]}), "'x' is FLOAT64, and INT64 in it"),
        ):
            with pytest.raises(WarehouseError, match="do not fit the table") as caught:
                add(warehouse, rows, "wrong")
            assert said in str(caught.value)
        assert rows_of(warehouse, "t") == _OLD.to_pylist()

    @pytest.mark.parametrize("column", [[[1]], [{"a": 1}], [None]])
    def test_types_that_no_column_has_are_refused(self, tmp_path: Path, column: list[Any]) -> None:
        """Lists, structs, and columns of no type."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        with pytest.raises(WarehouseError, match=r"'odd' is a .*, which cannot be written"):
            add(warehouse, pa.table({"odd": column}), "odd", table="new")
        assert warehouse.tables() == ("t",)

    @pytest.mark.parametrize("table", ["", "../t", "a/b", "t*", "t;--", "t$1", ".t", "_t '"])
    def test_odd_names_are_refused(self, tmp_path: Path, table: str) -> None:
        """What is no name of a table is not written to."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        with pytest.raises(WarehouseError, match=r"name of a (table|dataset)"):
            add(warehouse, _NEW, "first", table=table)
        assert warehouse.tables() == ("t",)

    def test_what_can_be_written_is_told(self, tmp_path: Path) -> None:
        """A table's columns, that there is none yet, or why there can be none."""
        warehouse = self.make(tmp_path, {"t": _OLD})
        assert warehouse.writable("t") == {"x": "INT64", "s": "STRING"}
        assert warehouse.writable("new") is None
        assert warehouse.tables() == ("t",)
        with pytest.raises(WarehouseError, match=r"name of a (table|dataset)"):
            warehouse.writable("../t")

    def test_rows_that_break_off_leave_what_was_there(self, tmp_path: Path) -> None:
        """Neither a replacement nor an addition is half made."""
        warehouse = self.make(tmp_path, {"t": _OLD})

        def broken() -> Iterator[pa.RecordBatch]:
            yield _NEW.to_batches()[0]
            raise OSError("the line is cut")

        with pytest.raises(OSError, match="the line is cut"):
            write_table(warehouse, "t", broken(), schema=_NEW.schema)
        with pytest.raises(OSError, match="the line is cut"):
            append_rows(warehouse, "t", broken(), schema=_NEW.schema, addition="first")
        assert rows_of(warehouse, "t") == _OLD.to_pylist()


def add(warehouse: Warehouse, rows: pa.Table, addition: str, *, table: str = "t") -> int:
    """Add rows under a name."""
    return append_rows(warehouse, table, rows.to_batches(), schema=rows.schema, addition=addition)


def rows_of(warehouse: Warehouse, table: str) -> list[dict[str, Any]]:
    """The rows of a table in the order of what they look like."""
    # Another question each time: emulators do not tell that a table has changed, so that the
    # answer to the same one would be taken for known.
    query = Query(
        tree=parse_query("SELECT * FROM t WHERE @question >= 0"),
        parameters={"question": next(_QUESTIONS)},
        relations={"t": PhysicalTable(name=table)},
    )
    return sorted(warehouse.run(query).to_pylist(), key=_shown)


def _shown(row: Mapping[str, Any]) -> str:
    return repr([(value is None, value) for value in row.values()])
