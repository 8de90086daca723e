"""The task that says what the models of one fold, and their ensemble, go by."""

from collections.abc import Sequence
from typing import Any, ClassVar

import luigi
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
from yule_models.explanation import ExplainedMember, explain_fold
from yule_models.tasks.fit_ensemble import fits_by_model
from yule_models.tasks.targets import parse_targets

__all__ = ["EXPLANATION_FILE", "TYPICAL_FILE", "ExplainFold", "explained_members"]

EXPLANATION_FILE = "explanation.json"
TYPICAL_FILE = "typical.parquet"


class ExplainFold(StoredTask[Artefact]):
    """Explain the models that an ensemble weighs, and the ensemble, on the rows a fold held out.

    The entry holds explanation.json (see `yule_models.explanation.FoldExplanation`), and
    typical.parquet: the typical row that contributions are told from, without its keys.

    Parameters:
        features: Task with the fold's features of the labelled rows.
        fits: The `TrainFold` tasks that the ensemble was fitted on, those of other folds included:
            which features are looked at does not depend on the fold.
        ensemble: The `FitEnsemble`.
        labels: Task with the labelled rows.
        folds: The `AssignFolds` of these labels.
        fold: Number of the fold.
        seed: Seed of the run.
    """

    VERSION: ClassVar[int] = 4
    format = FolderFormat()
    features = UpstreamParameter()
    fits = UpstreamListParameter()
    ensemble = UpstreamParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    fold = luigi.IntParameter()
    seed = luigi.IntParameter(default=0)

    def required_resources(self) -> Resources:
        """Return the threads of the models, and memory for their predictions of some rows."""
        memory = max(task.required_resources().memory_gib for task in self.fits)
        return Resources(cpu=max(task.threads for task in self.fits), memory_gib=memory)

    def run(self) -> None:
        """Explain and store."""
        members, blends = explained_members(self.fits, self.ensemble)
        seen = explain_fold(
            self.features.result().table(),
            self.labels.result().table(),
            self.folds.result(),
            fold=self.fold,
            members=members,
            targets=parse_targets(self.ensemble.targets),
            blends=blends,
            seed=self.seed,
        )
        with self.writing() as folder:
            text = canonical_json(seen.to_json()) + "\n"
            (folder / EXPLANATION_FILE).write_text(text, encoding="utf-8")
            table = pa.Table.from_pandas(seen.typical, preserve_index=False)
            pq.write_table(table, folder / TYPICAL_FILE)


def explained_members(
    fits: Sequence[Any], ensemble: StoredTask[Artefact]
) -> tuple[list[ExplainedMember], dict[str, Blend]]:
    """Return the models that an ensemble weighs, and by target how it combines them."""
    stored = ensemble.result().json("blends.json")
    blends = {target: Blend.of(value) for target, value in stored.items()}
    used = {name for blend in blends.values() for name in blend.weights}
    by_model = fits_by_model(fits)
    return [_member(name, own) for name, own in by_model.items() if name in used], blends


def _member(name: str, fits: Sequence[Any]) -> ExplainedMember:
    stored = [task.result() for task in fits]
    known = [found for artefact in stored if (found := artefact.json("importances.json"))]
    return ExplainedMember(
        name=name,
        folders=[artefact.path("model") for artefact in stored],
        gains=mean_importances(known) if known else {},
    )
