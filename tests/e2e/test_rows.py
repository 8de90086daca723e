"""Rows with times of their own are scored as a population would be at that time."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from variants import change, predictions, quick_shop, run, write

TIMES = [datetime(2024, 8, 1), datetime(2024, 8, 28)]


def test_each_row_is_scored_at_its_time(tmp_path: Path) -> None:
    case = quick_shop(tmp_path)
    at_once = predictions(run(case))
    people = at_once["entity_id"].to_pylist()
    asked = {"customer": people * 2, "as_of": [at for at in TIMES for _ in people]}
    write(case, "asked", pa.table(asked))

    def rows_instead(fields: dict[str, Any]) -> None:
        fields["score"] = {"rows": "asked", "shards": 2}

    change(case, rows_instead)
    found = run(case)

    assert found["stages"]["training"]["computed"] == 0
    assert found["rows_scored"] == 2 * len(people)
    files = sorted(Path(found["paths"]["predictions"]).glob("*.parquet"))
    rows = pa.concat_tables([pq.read_table(path) for path in files])
    later = rows.filter(pa.compute.equal(rows["as_of"].cast(pa.timestamp("us")), TIMES[1]))
    assert later.sort_by("entity_id")["ordered"] == at_once.sort_by("entity_id")["ordered"]
    earlier = rows.filter(pa.compute.equal(rows["as_of"].cast(pa.timestamp("us")), TIMES[0]))
    assert earlier.sort_by("entity_id")["ordered"] != at_once.sort_by("entity_id")["ordered"]
