"""The features of the example's shop, by several hands: `reference.shop_features`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

from harness.children import say
from harness.errors import BenchmarkError
from harness.example import EXAMPLE

__all__ = ["Cost", "compare", "shop_data", "spread_times"]

_BENCHMARKS = Path(__file__).parents[1]
_MODULE = ("-W", "ignore", "-m", "reference.shop_features")
_LABELS = ("labels_train", "labels_val")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one side needed; medians over turns.

    Attributes:
        seconds: From the files to the features.
        cpu_s: Seconds of CPU in them.
        process_cpu_s: Those of the whole process, which starts and imports before.
        peak_gib: Most memory of the process.
    """

    seconds: float
    cpu_s: float
    process_cpu_s: float
    peak_gib: float


def shop_data(folder: Path) -> Path:
    """Copy the example's tables and its catalogue; return the folder of the tables."""
    shutil.copy(EXAMPLE / "catalog.yaml", folder)
    shutil.copytree(EXAMPLE / "data", folder / "data")
    return folder / "data"


def spread_times(data: Path, *, rows: int) -> None:
    """Keep some of the labelled rows, and give each a time of its own, up to 60 days earlier."""
    rng = np.random.default_rng(0)
    for name in _LABELS:
        labels = pd.read_parquet(data / f"{name}.parquet").sample(rows // 2, random_state=0)
        minutes = rng.permutation(60 * 24 * 60)[: len(labels)]
        labels["as_of"] -= pd.to_timedelta(minutes, unit="min")
        labels["as_of"] = labels["as_of"].astype("datetime64[us]")
        labels.to_parquet(data / f"{name}.parquet", index=False)


def compare(
    data: Path, wanted: str, other: str, *, python: str = sys.executable, turns: int = 3
) -> list[Cost]:
    """Compute the features by mushroom and by another side, in turns, and compare the answers.

    Args:
        data: What `shop_data` returned.
        wanted: Which features: `numbers` or `defaults`, see `reference.shop_features`.
        other: `pandas` or `featuretools`.
        python: The interpreter that has it.
        turns: How often.

    Returns:
        The costs of mushroom and of the other.

    Raises:
        BenchmarkError: If a side fails, or the answers differ by more than 1e-9.
    """
    sides = {"mushroom": sys.executable, other: python}
    costs: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for turn in range(turns):
        for side, interpreter in sides.items():
            out = data.parent / f"{side}.parquet"
            child = subprocess.run(
                [interpreter, *_MODULE, side, wanted, str(data), str(out)],
                cwd=_BENCHMARKS,
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            if child.returncode:
                raise BenchmarkError(f"{side} ended with exit code {child.returncode}, see above.")
            costs[side].append(json.loads(child.stdout.splitlines()[-1]))
            say(f"Turn {turn + 1} of {turns}, {side}: {costs[side][-1]['seconds']:.2f} s.")
    _check_same(*(data.parent / f"{side}.parquet" for side in sides))
    return [
        Cost(**{name: median(cost[name] for cost in found) for name in found[0]})
        for found in costs.values()
    ]


def _check_same(ours: Path, theirs: Path) -> None:
    one, other = pd.read_parquet(ours), pd.read_parquet(theirs)
    if not one.iloc[:, :2].equals(other.iloc[:, :2].astype(one.dtypes.iloc[:2])):
        raise BenchmarkError("The two sides describe different rows.")
    for column in one.columns[2:]:
        if column.endswith(".top"):
            texts = [side[column].astype(object) for side in (one, other)]
            ours_said, theirs_said = (text.where(text.notna(), None) for text in texts)
            if not ours_said.equals(theirs_said):
                raise BenchmarkError(f"The two sides differ in {column}.")
            continue
        found, expected = one[column].to_numpy(), other[column].to_numpy()
        if column.endswith((".sum", ".distinct")):
            expected = np.nan_to_num(expected)  # of nothing they are 0
        if not np.allclose(found, expected, rtol=1e-9, atol=1e-9, equal_nan=True):
            raise BenchmarkError(f"The two sides differ in {column}.")
