"""However many shards one query describes, their keys are never all in memory."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys
import pyarrow as pa
import pyarrow.parquet as pq
from datetime import UTC, datetime
from io import RawIOBase
from mushroom.googlesql import parse_query
from mushroom.query import LocalRows, PhysicalTable, Query
from mushroom.warehouse.digests import rows_digest
from mushroom.warehouse.bigquery.upload import write_parquet
from mushroom.warehouse.parts import of_all_parts

SHARD = 100_000

class Shards:
    def __len__(self):
        return int(sys.argv[1])

    def __iter__(self):
        moment = pa.scalar(datetime(2026, 1, 1, tzinfo=UTC), pa.timestamp("us", tz="UTC"))
        for shard in range(len(self)):
            ids = pa.array(range(shard * SHARD, (shard + 1) * SHARD))
            yield pa.table({"entity_id": ids, "as_of": pa.repeat(moment, SHARD)})

class Nowhere(RawIOBase):
    def writable(self):
        return True

    def write(self, some):
        return len(memoryview(some))

text = "SELECT e.entity_id, e.as_of FROM e JOIN t ON t.x = e.entity_id"
nobody = LocalRows(rows=next(iter(Shards())).slice(0, 0))
query = Query(tree=parse_query(text), relations={"e": nobody, "t": PhysicalTable(name="t")})
rows = of_all_parts(query, "e", Shards()).relations["e"].rows
digest = rows_digest(rows)
write_parquet(rows, Nowhere())
peak_b = pa.default_memory_pool().max_memory()
print(json.dumps({"rows": rows.num_rows, "rows_b": rows.nbytes, "peak_b": peak_b}))
"""


def measured(shards: int) -> dict[str, int]:
    """What Arrow allocates for the keys of so many shards, from their making to their upload."""
    command = [sys.executable, "-c", SCRIPT, str(shards)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    found: dict[str, int] = json.loads(child.stdout)
    return found


@pytest.mark.one_python
def test_memory_does_not_grow_with_the_shards() -> None:
    few, many = measured(3), measured(30)
    assert (few["rows"], many["rows"]) == (300_000, 3_000_000)
    assert many["peak_b"] - few["peak_b"] < (many["rows_b"] - few["rows_b"]) / 4
