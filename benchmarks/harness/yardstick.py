"""Yardsticks: one table with labels, learned by a case file, and judged on rows held out of it."""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from sklearn.metrics import roc_auc_score

from harness.children import say
from harness.example import yule_run
from harness.peers import Peer, autogluon, plain_lightgbm
from harness.result import Result

__all__ = ["CASES", "Split", "Yardstick", "write_tables"]

CASES = Path(__file__).parents[1] / "cases"
"""The yardsticks' case files with their catalogues, a folder each."""

_AS_OF = date(2024, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Split:
    """Rows to learn from, and rows whose labels are for the final figure alone.

    Attributes:
        name: What the figures call it.
        training: Entity, features and label.
        test: Likewise.
    """

    name: str
    training: pd.DataFrame
    test: pd.DataFrame


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """A binary target on a table of attributes.

    Attributes:
        name: The folder in `cases/` with the case file and its catalogue.
        table: The table that the catalogue describes.
        entity: Column with the entity's id.
        target: Column with the label.
    """

    name: str
    table: str
    entity: str
    target: str

    def measure(
        self,
        splits: Sequence[Split],
        *,
        seeds: Sequence[int],
        least_auc: float,
        most_seconds: float | None = None,
    ) -> Result:
        """Run the case and its peers on each split, the case once for each seed."""
        runs = [self._run(split, seed) for split in splits for seed in seeds]
        peers = {split.name: self._peers(split) for split in splits}
        by_seed = [
            statistics.fmean(run["auc"] for run in runs if run["seed"] == seed) for seed in seeds
        ]
        auc = statistics.fmean(by_seed)
        seconds = statistics.fmean(run["seconds"] for run in runs)
        lightgbm = [plain.auc for plain, *_ in peers.values()]
        in_time = most_seconds is None or seconds <= most_seconds
        limit = "" if most_seconds is None else f" in at most {most_seconds:g} s"
        return Result(
            ours=auc,
            reference=statistics.fmean(lightgbm),
            unit="AUC on test rows (reference: plain LightGBM)",
            goal=f"at least {least_auc}{limit}",
            is_met=auc >= least_auc and in_time,
            details={
                "seconds": seconds,
                "auc_by_seed": by_seed,
                "sd_over_seeds": statistics.stdev(by_seed) if len(by_seed) > 1 else None,
                "runs": runs,
                "peers": {name: list(map(asdict, found)) for name, found in peers.items()},
            },
        )

    def _run(self, split: Split, seed: int) -> dict[str, Any]:
        """Run the case from nothing, and judge what it publishes."""
        with tempfile.TemporaryDirectory() as lent:
            folder = Path(lent) / self.name
            shutil.copytree(CASES / self.name, folder)
            case = folder / "case.yaml"
            text = case.read_text(encoding="utf-8")
            assert text.count("\nseed: 0\n") == 1, f"{case} does not give its seed."
            case.write_text(text.replace("\nseed: 0\n", f"\nseed: {seed}\n"), encoding="utf-8")
            everybody = pd.concat([split.training, split.test])
            write_tables(
                folder / "data",
                everybody,
                split.training,
                table=self.table,
                entity=self.entity,
                target=self.target,
            )
            before = _cpu_seconds()
            seconds, summary = yule_run(case)
            cpu_seconds = _cpu_seconds() - before
            scores = ds.dataset(summary["paths"]["predictions"]).to_table().to_pandas()
        joined = split.test[[self.entity, self.target]].merge(
            scores[["entity_id", self.target]],
            left_on=self.entity,
            right_on="entity_id",
            suffixes=("", "_score"),
            validate="one_to_one",
        )
        assert len(joined) == len(split.test), "Not every test row was scored."
        metrics = summary["metrics"][self.target]
        found = {
            "split": split.name,
            "seed": seed,
            "auc": float(roc_auc_score(joined[self.target], joined[f"{self.target}_score"])),
            "seconds": seconds,
            # Of all its processes: what a busy machine does not stretch much.
            "cpu_seconds": cpu_seconds,
            "validation_auc": metrics["ensemble"]["mean"]["auc"],
            "weights": metrics["ensemble"]["weights"],
            "models": {name: model["mean"]["auc"] for name, model in metrics["models"].items()},
        }
        say(f"{self.name}: {found}")
        return found

    def _peers(self, split: Split) -> list[Peer]:
        """Return plain LightGBM, then who else was asked for."""
        training, test = (rows.drop(columns=self.entity) for rows in (split.training, split.test))
        peers = [plain_lightgbm(training, test, self.target)]
        if (other := autogluon(training, test, self.target)) is not None:
            peers.append(other)
        for peer in peers:
            say(f"{self.name}: {peer}")
        return peers


def _cpu_seconds() -> float:
    """Return what all child processes that ended, and theirs, have taken so far."""
    times = os.times()
    return times.children_user + times.children_system


def write_tables(
    folder: Path,
    everybody: pd.DataFrame,
    labelled: pd.DataFrame,
    *,
    table: str,
    entity: str,
    target: str,
) -> None:
    """Write what everybody is described by, and the labels of some alone."""
    folder.mkdir()
    described = pa.Table.from_pandas(everybody.drop(columns=target), preserve_index=False)
    pq.write_table(described, folder / f"{table}.parquet")
    labels = pa.Table.from_pandas(labelled[[entity, target]].astype("int64"), preserve_index=False)
    as_of = pa.array([_AS_OF] * labels.num_rows, pa.date32())
    pq.write_table(labels.append_column("as_of", as_of), folder / "labels.parquet")
