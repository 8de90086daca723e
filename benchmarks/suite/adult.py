"""UCI Adult: AUC on the official test file, which is scored once, beside plain LightGBM."""

from __future__ import annotations

import pandas as pd
from harness import Result, data_folder, wanted_seeds
from harness.yardstick import Split, Yardstick

_YARDSTICK = Yardstick(name="adult", table="people", entity="user_id", target="income_over_50k")
_LEAST_AUC, _MOST_SECONDS = 0.93, 120.0


def measure() -> Result:
    """Run the case for each seed."""
    folder = data_folder("adult", "train.parquet", "test.parquet")
    training, test = (pd.read_parquet(folder / f"{part}.parquet") for part in ("train", "test"))
    return _YARDSTICK.measure(
        [Split(name="official", training=training, test=test)],
        seeds=wanted_seeds(default=3),
        least_auc=_LEAST_AUC,
        most_seconds=_MOST_SECONDS,
    )
