"""The three tasks of rel-f1 as cases: what is known of drivers before a race."""

from __future__ import annotations

import shutil
from pathlib import Path

from harness.data import data_folder

__all__ = ["REL_F1", "rel_f1_case"]

REL_F1 = {
    "driver-dnf": ("did_not_finish", "binary", "30d"),
    "driver-top3": ("qualifying", "binary", "30d"),
    "driver-position": ("position", "regression", "60d"),
}
"""The tasks by name: target, kind and horizon."""

_TABLES = ("results", "qualifying", "standings", "drivers")
_CATALOG = """\
tables:
  results:
    kind: events
    table: results
    entity: driverId
    time: date
    measures: {grid: grid, order: positionOrder, points: points, laps: laps}
    categories: {constructor: constructorId, status: statusId}
  qualifying:
    kind: events
    table: qualifying
    entity: driverId
    time: date
    measures: {place: position}
  standings:
    kind: events
    table: standings
    entity: driverId
    time: date
    measures: {points: points, wins: wins}
  drivers:
    kind: attributes
    table: drivers
    entity: driverId
    immutable: true
    columns: [dob, nationality]
"""
_CASE = """\
case: {task}
warehouse: duckdb:data
catalog: catalog.yaml
labels:
  table: labels
  entity: driverId
  as_of: date
  horizon: {horizon}
  targets: {{{target}: {kind}}}
score: {{population: results}}
models: fast
seed: 0
"""


def rel_f1_case(folder: Path, task: str) -> Path:
    """Write a task's case over its training rows alone; return its case file.

    Raises:
        BenchmarkError: If the data is not there.
    """
    tables = [f"tables/{name}.parquet" for name in _TABLES]
    found = data_folder("rel-f1", *tables, f"tasks/{task}.train.parquet")
    (folder / "data").mkdir(parents=True)
    for name in tables:
        shutil.copy(found / name, folder / "data")
    shutil.copy(found / f"tasks/{task}.train.parquet", folder / "data" / "labels.parquet")
    (folder / "catalog.yaml").write_text(_CATALOG, encoding="utf-8")
    target, kind, horizon = REL_F1[task]
    text = _CASE.format(task=task, target=target, kind=kind, horizon=horizon)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return folder / "case.yaml"
