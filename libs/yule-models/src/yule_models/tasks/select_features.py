"""The task that selects the features of a fold's models."""

from typing import Any, ClassVar

import luigi
import pyarrow as pa
from gokart_store import (
    JsonFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamParameter,
    derive_seed,
)

from yule_models.alignment import check_aligned, row_weights
from yule_models.folds import split_fold
from yule_models.selection import SelectionOptions, select_features
from yule_models.tasks.engines import engine_of
from yule_models.tasks.targets import parse_targets
from yule_models.training import feature_frame, labelled_rows

__all__ = ["SelectFeatures"]


class SelectFeatures(StoredTask[dict[str, Any]]):
    """Select features by the training rows of one fold.

    The result is the JSON of a `yule_models.selection.Selection`.

    Parameters:
        features: Task with a sharded dataset of entity_id, as_of and the features.
        labels: Task with the labelled rows, row-aligned with the features.
        folds: The `AssignFolds` of these labels.
        targets: JSON: for each target its name, kind, and the classes of a multiclass one.
        options: JSON of `SelectionOptions`.
        fold: Number of the fold.
        seed: Seed of the run.
        threads: Threads of the trees that judge features, which may change their outcome.
    """

    VERSION: ClassVar[int] = 2
    format = JsonFormat()
    features = UpstreamParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    targets = JsonParameter()
    options = JsonParameter()
    fold = luigi.IntParameter()
    seed = luigi.IntParameter(default=0)
    threads = luigi.IntParameter(default=1)

    def fingerprint(self) -> dict[str, Any]:
        """Return the engine of the trees, with its major.minor version."""
        return {"engine": engine_of("gbdt")}

    def required_resources(self) -> Resources:
        """Return the threads, and memory for the features twice."""
        return Resources(cpu=self.threads, memory_gib=2)

    def run(self) -> None:
        """Select and store."""
        features, labels = self.features.result().table(), self.labels.result().table()
        folds, targets = self.folds.result(), parse_targets(self.targets)
        check_aligned(features, labels, names=("features", "labels"))
        rows = labelled_rows(labels, split_fold(folds, self.fold).training, targets)
        weights = row_weights(labels)
        found = select_features(
            feature_frame(features.take(pa.array(rows))),
            labels.select([t.name for t in targets]).take(pa.array(rows)).to_pandas(),
            targets,
            SelectionOptions.of(self.options.value),
            groups=labels["entity_id"].to_pandas().to_numpy(dtype=object)[rows],
            weights=None if weights is None else weights[rows],
            seed=derive_seed(self.seed, "select", self.fold),
            threads=self.threads,
        )
        self.dump(found.to_json())
