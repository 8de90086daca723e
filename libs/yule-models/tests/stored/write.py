"""Writes a small model of each kind as this version stores it: run once for each release.

    python libs/yule-models/tests/stored/write.py

What is written for a version is never written again: later versions must go on reading it.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from yule_models import Target, __version__, make_estimator
from yule_models.testing.rows import TARGETS, described_rows

PARAMS: dict[str, dict[str, Any]] = {
    "gbdt": {"rounds": 6, "num_leaves": 5, "learning_rate": 0.3},
    "linear": {"regularisation": 1.0},
    "constant": {},
    "neural": {"epochs": 2, "width": 8, "depth": 1, "embedding": 2, "bins": 4, "batch_rows": 64},
    "tabm": {"epochs": 2, "width": 8, "depth": 1, "embedding": 2, "bins": 4, "members": 2},
    "sequence": {"epochs": 2, "units": 4, "width": 8, "depth": 1, "embedding": 2, "bins": 4},
}
ROWS = 12


def with_events(features: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Put sequences beside the features: pages that each row has seen, and how long ago."""
    random = np.random.default_rng(seed)
    lengths = random.integers(0, 4, len(features))
    lists = {
        "last.page": ([random.integers(2, 5, n).tolist() for n in lengths], pa.int64()),
        "last.age": ([sorted(random.random(n), reverse=True) for n in lengths], pa.float64()),
    }
    columns = {
        name: pd.Series(values, features.index, dtype=pd.ArrowDtype(pa.list_(kind)))
        for name, (values, kind) in lists.items()
    }
    return features.assign(**columns)


def write(folder: Path) -> None:
    """Write rows, models and what they predict into an empty folder."""
    training, other = described_rows(200, seed=1), described_rows(ROWS, seed=2)
    learned = with_events(training.features, seed=1)
    scored = with_events(other.features, seed=2)
    # Without what pandas notes of its types, which not each version can read.
    table = pa.Table.from_pandas(scored, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, folder / "rows.parquet")
    targets: list[Target] = list(TARGETS)
    for kind, params in PARAMS.items():
        estimator = make_estimator(kind, targets=targets, seed=1, threads=1, params=params)
        estimator.fit(learned, training.labels, ignore=["device"])
        (folder / kind / "model").mkdir(parents=True)
        estimator.save(folder / kind / "model")
        found = estimator.predict(scored).tolist()
        (folder / kind / "predictions.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    place = Path(__file__).parent / __version__
    if place.exists():
        sys.exit(f"{place} is there already: what a version stored does not change.")
    place.mkdir()
    write(place)
