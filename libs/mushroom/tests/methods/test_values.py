from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from mushroom import MethodError
from mushroom.methods.values import ParameterType, parse_value


@pytest.mark.parametrize(
    ("value", "kind", "wanted"),
    [
        (True, "bool", True),
        (3, "int64", 3),
        (3.0, "int64", 3),
        (3, "float64", 3.0),
        ("0.1", "numeric", Decimal("0.1")),
        (0.1, "numeric", Decimal("0.1")),
        ("x", "string", "x"),
        ("2024-07-01", "date", date(2024, 7, 1)),
        ("2024-07-01", "timestamp", datetime(2024, 6, 30, 22, tzinfo=UTC)),
        ([1, 2], "array<int64>", (1, 2)),
        (["2024-07-01"], "array<date>", (date(2024, 7, 1),)),
    ],
)
def test_json_becomes_typed_values(value: Any, kind: ParameterType, wanted: Any) -> None:
    found = parse_value(value, kind, timezone="Europe/Berlin")
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "bool"),
        (True, "int64"),
        (1.5, "int64"),
        (2**63, "int64"),
        ("1", "float64"),
        (10**400, "float64"),
        (float("inf"), "int64"),
        ("0001-01-01", "timestamp"),
        ("one", "numeric"),
        ("NaN", "numeric"),
        (1, "string"),
        ("1.7.2024", "date"),
        ("soon", "timestamp"),
        (["a", 1], "array<string>"),
    ],
)
def test_values_of_other_types_are_refused(value: Any, kind: ParameterType) -> None:
    with pytest.raises(MethodError, match=r"expected a value of the type .*, got "):
        parse_value(value, kind, timezone="Asia/Tokyo")


@pytest.mark.parametrize("value", [[], "a"])
def test_a_list_needs_a_value(value: Any) -> None:
    with pytest.raises(MethodError, match="expected a list with at least one value, got"):
        parse_value(value, "array<string>", timezone="UTC")
