"""Yardsticks over several tables, for rows that have a time each and see what was before it."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from sklearn.metrics import roc_auc_score

from harness.children import say
from harness.data import data_folder
from harness.errors import BenchmarkError
from harness.example import yule_run
from harness.result import Result
from harness.yardstick import CASES

__all__ = ["RelationalYardstick"]

_VARIABLE = "YULE_BENCH_PART"

Protocol = Literal["seed_time", "frozen"]
Part = Literal["val", "test"]


@dataclass(frozen=True, kw_only=True)
class RelationalYardstick:
    """A task of RelBench's rel-f1, learned by a case file from the catalogue of its nine tables.

    In the protocol `seed_time` each row sees everything before its own date; in `frozen`, rows of
    a part see nothing from the day on when the part begins, whatever their own date.

    Attributes:
        task: Its name, of the case file and of the files of labels.
        target: Column with the label.
        goals: The least AUC on the test rows, by protocol.
        peers: What others reach there, by protocol: (who, AUC).
    """

    task: str
    target: str
    goals: Mapping[Protocol, float]
    peers: Mapping[Protocol, tuple[str, float]]

    def measure(self, seeds: Sequence[int]) -> Result:
        """Run the case once for each seed, and score the rows of a part in both protocols.

        YULE_BENCH_PART says which: `test`, or `val` for choosing anything by it.
        """
        part = _part()
        runs = [self._run(seed, part) for seed in seeds]
        by_protocol = {
            protocol: self._protocol(protocol, runs) for protocol in ("seed_time", "frozen")
        }
        reached = [found["auc"] >= found["goal"] for found in by_protocol.values()]
        return Result(
            ours=by_protocol["seed_time"]["auc"],
            reference=self.peers["seed_time"][1],
            unit=f"AUC on {part} rows, each seeing what was before it",
            goal=", ".join(f"{name} at least {goal}" for name, goal in self.goals.items()),
            is_met=part == "test" and all(reached),
            details={"protocols": by_protocol, "runs": runs},
        )

    def _protocol(self, protocol: Protocol, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        by_seed = [run[protocol] for run in runs]
        return {
            "auc": statistics.fmean(by_seed),
            "sd_over_seeds": statistics.stdev(by_seed) if len(by_seed) > 1 else None,
            "goal": self.goals[protocol],
            "peer": self.peers[protocol],
        }

    def _run(self, seed: int, part: Part) -> dict[str, Any]:
        """Learn from the rows before the part; the second scoring finds everything else stored."""
        files = [f"tasks/{self.task}.{name}.parquet" for name in ("train", "val", "test")]
        source = data_folder("rel-f1", *files)
        train, val, test = (pd.read_parquet(source / file) for file in files)
        learned, judged = (train, val) if part == "val" else (pd.concat([train, val]), test)
        found: dict[str, Any] = {"seed": seed}
        with tempfile.TemporaryDirectory() as lent:
            folder = Path(lent)
            shutil.copytree(source / "tables", folder / "data")
            shutil.copy(CASES / "rel-f1" / "catalog.yaml", folder)
            case = folder / "case.yaml"
            text = (CASES / "rel-f1" / f"{self.task}.yaml").read_text(encoding="utf-8")
            assert text.count("\nseed: 0\n") == 1, f"{self.task} does not give its seed."
            case.write_text(text.replace("\nseed: 0\n", f"\nseed: {seed}\n"), encoding="utf-8")
            _write(folder / "data" / "labels.parquet", learned, until=learned["date"])
            begins = pd.Timestamp(2005 if part == "val" else 2010, 1, 1)
            ends = {
                "seed_time": judged["date"],
                "frozen": judged["date"].where(judged["date"] < begins, begins),
            }
            for protocol, until in ends.items():
                _write(folder / "data" / "rows.parquet", judged, until=until, without=self.target)
                seconds, summary = yule_run(case)
                found[protocol] = self._auc(judged, Path(summary["paths"]["predictions"]))
                found[f"{protocol}_seconds"] = seconds
            metrics = summary["metrics"][self.target]
            found["validation_auc"] = metrics["ensemble"]["mean"]["auc"]
            found["weights"] = metrics["ensemble"]["weights"]
            found["models"] = {n: model["mean"]["auc"] for n, model in metrics["models"].items()}
        say(f"{self.task}: {found}")
        return found

    def _auc(self, judged: pd.DataFrame, predictions: Path) -> float:
        scores = ds.dataset(predictions).to_table().to_pandas()
        scores["date"] = pd.to_datetime(scores["as_of"], utc=True).dt.tz_localize(None)
        joined = judged.astype({"date": scores["date"].dtype}).merge(
            scores[["entity_id", "date", self.target]],
            left_on=["driverId", "date"],
            right_on=["entity_id", "date"],
            suffixes=("", "_score"),
            validate="one_to_one",
        )
        assert len(joined) == len(judged), "Not every row was scored."
        return float(roc_auc_score(joined[self.target], joined[f"{self.target}_score"]))


def _part() -> Part:
    match os.environ.get(_VARIABLE, "test"):
        case "val":
            return "val"
        case "test":
            return "test"
        case given:
            raise BenchmarkError(f"{_VARIABLE} must be val or test, got {given!r}.")


def _write(path: Path, rows: pd.DataFrame, *, until: pd.Series, without: str = "") -> None:
    """Write rows with the time until which each may see data."""
    kept = rows.drop(columns=without) if without else rows
    table = pa.Table.from_pandas(kept.assign(data_until=until), preserve_index=False)
    pq.write_table(table, path)
