"""Predictions of a stored estimator by a process that knows nothing but its folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.estimators import Estimator

__all__ = ["predict_in_fresh_process"]

_SCRIPT = """
import sys
from importlib import import_module
from pathlib import Path
import numpy as np
import pandas as pd

module, name, folder = sys.argv[1:]
estimator = getattr(import_module(module), name).load(Path(folder) / "estimator")
features = pd.read_parquet(Path(folder) / "features.parquet")
np.save(Path(folder) / "predictions.npy", estimator.predict(features), allow_pickle=False)
"""


def predict_in_fresh_process(
    estimator: Estimator, features: pd.DataFrame, folder: Path
) -> npt.NDArray[np.float64]:
    """Save an estimator, and return what another Python process predicts with it.

    Args:
        estimator: The estimator, fitted; its class must be importable by name.
        features: Rows to predict.
        folder: An empty folder to hand them over in.
    """
    (folder / "estimator").mkdir()
    estimator.save(folder / "estimator")
    features.to_parquet(folder / "features.parquet")
    kind = type(estimator)
    command = [sys.executable, "-c", _SCRIPT, kind.__module__, kind.__qualname__, str(folder)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return np.asarray(np.load(folder / "predictions.npy", allow_pickle=False))
