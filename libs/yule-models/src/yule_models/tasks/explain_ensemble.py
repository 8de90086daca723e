"""The task that says what models and their ensemble go by."""

from typing import Any, ClassVar

import luigi
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from gokart_store import (
    Artefact,
    FolderFormat,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
    canonical_json,
)

from yule_models.ensemble import Blend
from yule_models.ensemble.importance import mean_importances
from yule_models.explanation import ExplainedMember, explain_ensemble
from yule_models.tasks.fit_ensemble import fits_by_model
from yule_models.tasks.targets import parse_targets

__all__ = ["EXPLANATION_FILE", "ExplainEnsemble", "typical_file"]

EXPLANATION_FILE = "explanation.json"


def typical_file(fold: int) -> str:
    """Return the name of the file with a fold's typical row."""
    return f"typical-{fold}.parquet"


class ExplainEnsemble(StoredTask[Artefact]):
    """Explain the models that an ensemble weighs, and the ensemble, out of fold.

    The entry holds explanation.json (see `yule_models.explanation.explain_ensemble`), and for each
    fold the typical row that contributions are told from, without its keys.

    Parameters:
        features: Tasks with the features of the labelled rows: one for all folds, or one for each.
        fits: The `TrainFold` tasks that the ensemble was fitted on.
        ensemble: The `FitEnsemble`.
        labels: Task with the labelled rows.
        folds: The `AssignFolds` of these labels.
        seed: Seed of the run.
    """

    VERSION: ClassVar[int] = 1
    format = FolderFormat()
    features = UpstreamListParameter()
    fits = UpstreamListParameter()
    ensemble = UpstreamParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    seed = luigi.IntParameter(default=0)

    def required_resources(self) -> Resources:
        """Return the threads of the models, and memory for their predictions of some rows."""
        memory = max(task.required_resources().memory_gib for task in self.fits)
        return Resources(cpu=max(task.threads for task in self.fits), memory_gib=memory)

    def run(self) -> None:
        """Explain and store."""
        stored = self.ensemble.result().json("blends.json")
        blends = {target: Blend.of(value) for target, value in stored.items()}
        used = {name for blend in blends.values() for name in blend.weights}
        members = [
            _member(name, fits) for name, fits in fits_by_model(self.fits).items() if name in used
        ]
        report, typical = explain_ensemble(
            lambda fold: self.features[fold if len(self.features) > 1 else 0].result().table(),
            self.labels.result().table(),
            self.folds.result(),
            members=members,
            targets=parse_targets(self.ensemble.targets),
            blends=blends,
            seed=self.seed,
        )
        with self.writing() as folder:
            (folder / EXPLANATION_FILE).write_text(canonical_json(report) + "\n", encoding="utf-8")
            for fold, row in enumerate(typical):
                pq.write_table(_table(row), folder / typical_file(fold))


def _member(name: str, fits: list[Any]) -> ExplainedMember:
    stored = [task.result() for task in fits]
    known = [found for artefact in stored if (found := artefact.json("importances.json"))]
    return ExplainedMember(
        name=name,
        folders=[artefact.path("model") for artefact in stored],
        gains=mean_importances(known) if known else {},
    )


def _table(row: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(row, preserve_index=False)
