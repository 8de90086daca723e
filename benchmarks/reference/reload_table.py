"""A stored feature table, read again: `python -m reference.reload_table SIDE FOLDER ROWS`.

`make` stores it; `ours` loads the result of the task, verified; `arrow` reads the same files. The
latter two print seconds, and seconds of CPU.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import run_task

from reference.wide_features import COLUMNS, WideFeatures


def main(side: str, folder: str, rows: str) -> None:
    """Do what is asked for."""
    task = WideFeatures(rows=int(rows), workspace_directory=folder)
    if side == "make":
        run_task(task)
        return
    started, cpu_s = time.perf_counter(), time.process_time()
    if side == "ours":
        table = task.result().table()
    else:
        paths = sorted(Path(folder).rglob("shard-*.parquet"))
        table = pa.concat_tables([pq.read_table(path) for path in paths])
    print(time.perf_counter() - started, time.process_time() - cpu_s)
    assert table.num_columns == COLUMNS + 1


if __name__ == "__main__":
    main(*sys.argv[1:])
