"""DuckDB answers as GoogleSQL does, and what it lets through is what was asked here."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from mushroom.googlesql import parse_query
from mushroom.testing import FunctionContract
from mushroom.testing.function_cases import function_cases
from mushroom.warehouse import Warehouse, open_warehouse
from mushroom.warehouse.duckdb.functions import EXTRACT_PARTS, FUNCTIONS
from sqlglot import exp


class TestDuckDB(FunctionContract):
    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        for name, table in tables.items():
            pq.write_table(table, folder / f"{name}.parquet")
        return open_warehouse(f"duckdb:{folder}", root=folder)


def test_what_is_let_through_was_asked() -> None:
    names = {case.name for case in function_cases()}
    assert names >= FUNCTIONS
    operators = names - FUNCTIONS
    assert {name for name in operators if name.isidentifier()} == {
        *("BETWEEN", "CASE", "CAST", "EXISTS", "IN", "LIKE"),
        *("OFFSET", "ORDINAL", "SAFE_CAST", "SAFE_OFFSET"),
    }


def test_each_part_of_extract_was_asked() -> None:
    texts = [case.expression for case in function_cases() if case.name == "EXTRACT"]
    trees = [parse_query(f"SELECT {text} AS v") for text in texts]
    parts = {node.this.name.upper() for tree in trees for node in tree.find_all(exp.Extract)}
    assert parts == EXTRACT_PARTS


def test_each_case_asks_for_what_it_is_called() -> None:
    for case in function_cases():
        assert case.name in case.expression.upper()
