"""UCI Bank Marketing: AUC over five given folds, each scored once, beside plain LightGBM."""

from __future__ import annotations

import pandas as pd
from harness import Result, data_folder, wanted_seeds
from harness.yardstick import Split, Yardstick

_YARDSTICK = Yardstick(name="bank-marketing", table="calls", entity="user_id", target="subscribed")
_LEAST_AUC = 0.94


def measure() -> Result:
    """Run the case for each fold and seed."""
    rows = pd.read_parquet(data_folder("bank-marketing", "bank.parquet") / "bank.parquet")
    folds, features = rows["fold"], rows.drop(columns="fold")
    splits = [
        Split(name=f"fold {fold}", training=features[folds != fold], test=features[folds == fold])
        for fold in sorted(folds.unique())
    ]
    return _YARDSTICK.measure(splits, seeds=wanted_seeds(default=1), least_auc=_LEAST_AUC)
