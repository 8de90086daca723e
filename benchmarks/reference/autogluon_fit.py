"""AutoGluon on the rows of a yardstick, run by an environment that holds nothing of Yule.

    PYTHON autogluon_fit.py FOLDER TARGET

FOLDER has training.parquet and test.parquet; scores.parquet is written beside them. The preset is
`medium`, unless YULE_BENCH_AUTOGLUON_PRESET names another.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path


def main(folder: Path, target: str) -> None:
    """Fit, predict, and tell how long it took."""
    import pandas as pd
    from autogluon.tabular import TabularPredictor  # type: ignore[import-not-found]  # its own

    preset = os.environ.get("YULE_BENCH_AUTOGLUON_PRESET", "medium")
    training = pd.read_parquet(folder / "training.parquet")
    test = pd.read_parquet(folder / "test.parquet").drop(columns=target)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as models:
        predictor = TabularPredictor(target, eval_metric="roc_auc", path=models, verbosity=1)
        predictor.fit(training, presets=preset, num_cpus=len(os.sched_getaffinity(0)))
        scores = predictor.predict_proba(test)[1]
    seconds = time.perf_counter() - started
    pd.DataFrame({"score": scores.to_numpy()}).to_parquet(folder / "scores.parquet")
    print(json.dumps({"version": version("autogluon.tabular"), "preset": preset,
                      "seconds": seconds}))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
