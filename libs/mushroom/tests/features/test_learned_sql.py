"""The generated GoogleSQL of methods that learn is the one that is checked in.

After a change that is meant: `UPDATE_GOLDEN=1 pytest libs/mushroom/tests/features`,
and read the diff.
"""

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from mushroom.features.learned import Fitting
from mushroom.features.learned.registry import LEARNED_METHODS
from mushroom.testing import World, entity_rows
from mushroom.testing.world import START

GOLDEN = Path(__file__).parent / "golden"
OPTIONS: dict[str, dict[str, Any]] = {
    "top_categories": {"table": "events", "windows": ["30d", "all"]},
    "item_embeddings": {"table": "events", "category": "item", "measure": "amount"}
    | {"window": "90d", "dimensions": 2},
    "text_embeddings": {"table": "attributes", "column": "plan", "words": 2, "dimensions": 2},
    "event_sequences": {"table": "events", "length": 20},
}
VOCABULARY = {"category": ["item"] * 2, "place": [1, 2], "value": ["a", "b"], "events": [3, 1]}


@pytest.mark.parametrize("method", LEARNED_METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("step", ["fit", "apply"])
def test_sql_is_as_checked_in(method: Any, step: str) -> None:
    options = method.parse(OPTIONS[method.name])
    catalog = World.of(events=[], attributes=[]).catalog
    if step == "fit":
        among = pa.table({"entity_id": pa.array([1], pa.int64())})
        fitting = Fitting(until=START, among=among)
        query = method.fit_query(options, catalog=catalog, fitting=fitting)
    else:
        state = dict(method.unlearned(options))
        if "vocabulary" in state:
            state["vocabulary"] = pa.table(VOCABULARY)
        query = method.query(options, catalog=catalog, entities=entity_rows([]), state=state)
    path = GOLDEN / f"{method.name}_{step}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(query.sql + "\n", encoding="utf-8")
    assert query.sql + "\n" == path.read_text(encoding="utf-8")
