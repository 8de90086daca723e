"""Every warehouse answers what methods may ask with GoogleSQL's answer."""

# ruff: noqa: S101 (a suite asserts)

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pytest

from mushroom.errors import WarehouseError
from mushroom.testing.function_cases import FunctionCase, function_cases, shown_value
from mushroom.warehouse import Warehouse

__all__ = ["FunctionContract", "answer_of"]


class FunctionContract:
    """The supported functions; a subclass says how to make a warehouse, as WarehouseContract.

    Attributes:
        deviations: By expression, what an emulator of the warehouse answers instead of GoogleSQL's
            answer: a value, or ``error:`` and its message.
    """

    deviations: ClassVar[Mapping[str, str]] = {}

    def make(self, folder: Path, tables: Mapping[str, pa.Table]) -> Warehouse:
        """A warehouse with these tables."""
        raise NotImplementedError(f"{type(self).__name__} must define make().")

    @pytest.mark.parametrize("section", dict.fromkeys(case.section for case in function_cases()))
    def test_answers_are_googlesql_s(self, tmp_path: Path, section: str) -> None:
        """Value and type, whatever dialect the warehouse speaks inside."""
        warehouse = self.make(tmp_path, {"t": pa.table({"x": [1]})})
        cases = [case for case in function_cases() if case.section == section]
        found = {case.expression: answer_of(warehouse, case) for case in cases}
        assert found == {
            case.expression: self.deviations.get(case.expression, case.answer) for case in cases
        }


def answer_of(warehouse: Warehouse, case: FunctionCase) -> str:
    """What a warehouse answers, as `shown_value` writes it, or `error:` and its message."""
    try:
        [value] = warehouse.run(case.query)["v"].to_pylist()
    except WarehouseError as error:
        return f"error: {str(error).rpartition('failed: ')[2]}"
    return shown_value(value)
