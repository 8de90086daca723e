from typing import Any

import pytest
from yule_cli.summary import FeatureFacts, RowFacts
from yule_cli.summary.data import remarks

NOTHING: dict[str, Any] = {
    "rows": 3,
    "unknown_rows": 0,
    "features": {"orders": {"unknown_rows": 3, "not_finite": 0}},
    "constant_columns": [],
    "missing_columns": [],
}


def test_facts_are_read_from_what_is_stored() -> None:
    assert RowFacts.of(NOTHING) == RowFacts(
        rows=3,
        unknown_rows=0,
        features={"orders": FeatureFacts(unknown_rows=3, not_finite=0)},
        constant_columns=(),
        missing_columns=(),
    )


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({}, []),
        (
            {"rows": 1, "unknown_rows": 1},
            [
                "1 of 1 row: no table of the features knows the entity at that time. "
                "They count all the same."
            ],
        ),
        (
            {"features": {"orders": {"unknown_rows": 0, "not_finite": 1}}},
            ["NaN or infinite in orders, seen 1 time: taken as missing."],
        ),
        (
            {"constant_columns": ["a", "b"], "missing_columns": ["c", "d", "e", "f", "g"]},
            [
                "The same value in all rows: a, b.",
                "No value in any row: c, d, e and 2 more.",
            ],
        ),
    ],
)
def test_what_is_odd_is_said(odd: dict[str, Any], said: list[str]) -> None:
    assert list(remarks(RowFacts.of({**NOTHING, **odd}))) == said
