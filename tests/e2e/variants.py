"""Variants of the little shop: its tables and files with something changed, and what came of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from shop import run_yule, write_shop

__all__ = [
    "change",
    "features",
    "people",
    "prediction_bytes",
    "predictions",
    "quick_shop",
    "run",
    "table",
    "write",
]

QUICK_MODELS = [
    {"name": "trees", "kind": "gbdt", "params": {"num_leaves": 4, "rounds": 10}},
    {"name": "line", "kind": "linear"},
]


def quick_shop(folder: Path, *, is_tracked: bool = False) -> Path:
    """The shop with models that are trained in no time; return the case file."""
    case = write_shop(folder, is_tracked=is_tracked)

    def quick(fields: dict[str, Any]) -> None:
        fields["models"] = QUICK_MODELS
        fields["validation"]["folds"] = 2

    change(case, quick)
    return case


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Edit the fields of a YAML file."""
    fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(fields)
    path.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")


def table(case: Path, name: str) -> pa.Table:
    """A table of the case's data."""
    return pq.read_table(case.parent / "data" / f"{name}.parquet")


def write(case: Path, name: str, rows: pa.Table) -> None:
    """Replace or add a table of the case's data."""
    pq.write_table(rows, case.parent / "data" / f"{name}.parquet")


def people(case: Path, columns: dict[str, Any]) -> None:
    """Add attributes `people`, of which the first column is the entity, and score these people."""
    write(case, "people", pa.table(columns))
    entity, *others = columns
    entry: dict[str, Any] = {"kind": "attributes", "table": "people", "entity": entity}
    entry |= {"immutable": True, "columns": others}
    change(case.with_name("catalog.yaml"), lambda fields: fields["tables"].update(people=entry))
    change(case, lambda fields: fields["score"].update(population="people"))


def run(case: Path) -> dict[str, Any]:
    """Run a case to its end: the JSON object that it prints."""
    completed = run_yule("run", case, "--json")
    assert completed.returncode == 0, completed.stderr
    printed: dict[str, Any] = json.loads(completed.stdout)
    return printed


def predictions(printed: dict[str, Any]) -> pa.Table:
    """The published rows, after a check of what holds for all of them."""
    files = sorted(Path(printed["paths"]["predictions"]).glob("*.parquet"))
    rows = pa.concat_tables([pq.read_table(path) for path in files])
    assert rows.num_rows == printed["rows_scored"] == len(rows["entity_id"].unique())
    scores = rows["ordered"].to_numpy()
    assert np.isfinite(scores).all()
    assert ((scores >= 0) & (scores <= 1)).all()
    return rows


def prediction_bytes(printed: dict[str, Any]) -> dict[str, bytes]:
    """The published files by name."""
    folder = Path(printed["paths"]["predictions"])
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def features(case: Path) -> list[dict[str, Any]]:
    """The stored rows of all feature tables: those to learn from, and those to score."""
    cache = case.parent / ".yule" / "store" / "cache"
    files = sorted(cache.glob("*/FeatureTable/*/files-*/shard-*.parquet"))
    return [row for path in files for row in pq.read_table(path).to_pylist()]
