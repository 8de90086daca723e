"""One fold by the bare LightGBM API: what a script would do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["fit_and_predict"]

_OF_YULE = ("rounds", "patience", "crosses", "monotone", "refit")


def fit_and_predict(
    features: pd.DataFrame,
    answers: npt.NDArray[np.int64],
    parts: Mapping[str, npt.NDArray[np.int64]],
    params: Mapping[str, Any],
    *,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Fit to the `training` rows, stop early by the `inner` ones, predict the `held` ones.

    Args:
        features: Numbers and texts.
        answers: 0 or 1.
        parts: Positions of the rows of each part.
        params: Parameters of the kind `gbdt`.
        seed: Seed of LightGBM.
    """
    texts = features.select_dtypes(["object", "string"]).columns
    features = features.astype(dict.fromkeys(texts, "category"))
    settings = {name: value for name, value in params.items() if name not in _OF_YULE}
    settings |= {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_threads": 1,
        "seed": seed,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }
    training, inner, held = (parts[name] for name in ("training", "inner", "held"))
    data = lgb.Dataset(features.iloc[training], answers[training])
    booster = lgb.train(
        settings,
        data,
        int(params["rounds"]),
        valid_sets=[lgb.Dataset(features.iloc[inner], answers[inner], reference=data)],
        callbacks=[lgb.early_stopping(int(params["patience"]), verbose=False)],
    )
    return np.asarray(booster.predict(features.iloc[held], num_threads=1))
