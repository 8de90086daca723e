"""Ten times the users need no more memory, and no other shard than the one that is read."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

USERS, SHARDS, TIMES = 50_000, 2, 10
SCRIPT = """
import json, resource, sys
from pathlib import Path
from gokart_store import run_task
from mushroom import Catalog, FeatureTable, Population, Source, feature_tasks

root, shards = Path(sys.argv[1]), int(sys.argv[2])
events = {"kind": "events", "table": "events", "entity": "user", "time": "at"}
catalog = Catalog.model_validate({"tables": {"events": {**events, "measures": {"paid": "paid"}}}})
source = Source.of("duckdb:data", root=root, catalog=catalog, query_memory_gib=0.25)
place = {"workspace_directory": str(root / "store"), **source.arguments()}
everybody = Population(table="events", as_of="2024-03-01", shards=shards, **place)
feature = {"name": "f", "method": "event_windows", "table": "events"}
parts = feature_tasks(everybody, [feature], source)
table = FeatureTable(entities=everybody, parts=parts, workspace_directory=str(root / "store"))
for task in (everybody, *parts, table):
    run_task(task)
peak_b = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
found = table.result()
one = found.shard(0)
print(json.dumps({"peak_b": peak_b, "rows": found.num_rows, "row_b": one.nbytes / len(one)}))
"""


def measured(folder: Path, *, users: int, shards: int) -> dict[str, float]:
    """What a process takes that describes everybody."""
    (folder / "data").mkdir(parents=True)
    duckdb.sql(
        "SELECT range AS user, TIMESTAMP '2024-01-01' + INTERVAL (range % 80_000) MINUTE AS at, "
        "range % 1000 AS paid FROM range($users)",
        params={"users": users},
    ).write_parquet(str(folder / "data/events.parquet"))
    command = [sys.executable, "-c", SCRIPT, str(folder), str(shards)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    # DuckDB takes `-c` for somebody who wants to see its progress.
    found: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return found


@pytest.mark.one_python
@pytest.mark.timeout(300)
def test_memory_does_not_grow_with_the_population(tmp_path: Path) -> None:
    few = measured(tmp_path / "few", users=USERS, shards=SHARDS)
    many = measured(tmp_path / "many", users=USERS * TIMES, shards=SHARDS * TIMES)
    assert (few["rows"], many["rows"]) == (USERS, USERS * TIMES)
    # What would have to be held more if everybody were held at once.
    all_others_b = (many["rows"] - few["rows"]) * many["row_b"]
    assert many["peak_b"] - few["peak_b"] < all_others_b / 2
