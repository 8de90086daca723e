"""BigQuery answers what methods may ask with GoogleSQL's answer, as far as the emulator can."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from mushroom import open_warehouse
from mushroom.testing import FunctionContract
from mushroom.testing.emulator_gaps import DEVIATIONS, around
from mushroom.testing.function_cases import function_cases, shown_value
from mushroom.warehouse import Warehouse

REWRITTEN = [
    case
    for case in function_cases()
    if case.expression in DEVIATIONS and around(case.query).sql != case.query.sql
]


class TestBigQuery(FunctionContract):
    deviations = DEVIATIONS

    @pytest.fixture(autouse=True)
    def _dataset(self, fill, url: str) -> None:
        self.fill, self.address = fill, url

    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        self.fill(self.address, tables)
        return open_warehouse(self.address, root=folder)


def test_what_is_asked_otherwise_is_answered_as_googlesql_says(fill, url: str) -> None:
    fill(url, {})
    warehouse = open_warehouse(url, root=Path())
    found = {c.expression: warehouse.run(around(c.query))["v"][0].as_py() for c in REWRITTEN}
    assert len(found) == 9
    assert {asked: shown_value(value) for asked, value in found.items()} == {
        case.expression: case.answer for case in REWRITTEN
    }
