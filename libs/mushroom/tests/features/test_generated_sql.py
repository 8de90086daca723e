"""The generated GoogleSQL is the one that is checked in.

After a change that is meant: `UPDATE_GOLDEN=1 pytest libs/mushroom/tests/features`,
and read the diff.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from mushroom.features import feature_method
from mushroom.features.event_windows.options import ALL_AGGREGATES
from mushroom.testing import World, entity_rows

HABITS = ALL_AGGREGATES[ALL_AGGREGATES.index("top_share") :]
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "method", "options"),
    [
        ("event_windows", "event_windows", {"table": "events", "windows": ["30d", "all"]}),
        (
            "event_windows_of_little",
            "event_windows",
            {"table": "events", "windows": ["7d"], "aggregates": ["count", "recency"]},
        ),
        (
            "event_windows_of_habits",
            "event_windows",
            {"table": "events", "windows": ["30d", "last5"], "aggregates": HABITS},
        ),
        (
            "related_attributes",
            "related",
            {"table": "events", "reference": "owner", "windows": ["30d"]},
        ),
        (
            "related_events",
            "related",
            {"table": "events", "reference": "item", "windows": ["30d"], "aggregates": ["mean"]},
        ),
        ("entity_attributes", "entity_attributes", {"table": "attributes"}),
    ],
)
def test_sql_is_as_checked_in(name: str, method: str, options: dict[str, Any]) -> None:
    found = feature_method(method)
    catalog = World.of(events=[], attributes=[]).catalog
    query = found.query(found.parse(options), catalog=catalog, entities=entity_rows([]))
    path = GOLDEN / f"{name}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(query.sql + "\n", encoding="utf-8")
    assert query.sql + "\n" == path.read_text(encoding="utf-8")
