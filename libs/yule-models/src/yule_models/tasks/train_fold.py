"""The task that trains one model on one fold."""

from pathlib import Path
from typing import Any, ClassVar

import luigi
from gokart_store import (
    Artefact,
    FolderFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
)

from yule_models.curves import CurveWriter
from yule_models.registry import describe_kind
from yule_models.tasks.checkpoints import checkpoints
from yule_models.tasks.engines import engine_of
from yule_models.tasks.targets import parse_targets
from yule_models.training import train_fold
from yule_models.trunks import start_of

__all__ = ["TrainFold"]


class TrainFold(StoredTask[Artefact]):
    """Train, stop early, judge and store one model on one fold.

    The entry holds model/, oof.parquet, curve.json, importances.json and summary.json (see
    `yule_models.training.FoldFit`). The learning curve is also written while the fit runs, for
    TensorBoard, into the side folder `curves`, which is shared; kinds that learn in steps keep how
    far they came in `checkpoints`, likewise.

    Parameters:
        features: Task with a sharded dataset of entity_id, as_of and the features.
        labels: Task with the labelled rows, row-aligned with the features.
        folds: The `AssignFolds` of these labels.
        model: JSON: name, kind, params; and as `start` the sha256 of the trunk that it starts from,
            which `yule_models.trunks.keep_trunk` has put into the store.
        targets: JSON: for each target its name, kind, and the classes of a multiclass one.
        fold: Number of the fold.
        seed: Seed of the run.
        threads: Threads of the fit, which may change its outcome.
        selection: The `SelectFeatures` of this fold; none: the model is given all features.
    """

    VERSION: ClassVar[int] = 12
    format = FolderFormat()
    features = UpstreamParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    model = JsonParameter()
    targets = JsonParameter()
    fold = luigi.IntParameter()
    seed = luigi.IntParameter(default=0)
    threads = luigi.IntParameter(default=2)
    selection = UpstreamListParameter(default=())

    def fingerprint(self) -> dict[str, Any]:
        """Return the engine that fits, with its major.minor version."""
        return {"engine": engine_of(self.model.value["kind"])}

    def trained_model(self) -> dict[str, Any]:
        """Return name, kind and parameters of the model that is trained."""
        model: dict[str, Any] = self.model.value
        return model

    def write_beside(self, folder: Path) -> None:
        """Write what else the entry holds: nothing."""

    def required_resources(self) -> Resources:
        """Return the threads, the memory that this kind of model takes, and its GPU."""
        kind = describe_kind(self.model.value["kind"])
        gpu = bool(self.model.value.get("params", {}).get("gpu"))
        return Resources(cpu=self.threads, memory_gib=kind.memory_gib, gpu=int(gpu))

    def run(self) -> None:
        """Train and store; go on where an interrupted attempt had come to."""
        with checkpoints(self, self.model.value["kind"]) as checkpoint:
            self._train(checkpoint)

    def _train(self, checkpoint: Path | None) -> None:
        with (
            start_of(self.workspace_directory, self.model.value) as start,
            self.sharing("curves") as folder,
            CurveWriter(folder) as curve,
        ):
            fit = train_fold(
                self.features.result().table(),
                self.labels.result().table(),
                self.folds.result(),
                fold=self.fold,
                model=self.trained_model(),
                targets=parse_targets(self.targets),
                seed=self.seed,
                threads=self.threads,
                on_step=curve.write,
                checkpoint=checkpoint,
                start=start,
                ignore=self._ignored(),
            )
        with self.writing() as files:
            fit.write(files)
            self.write_beside(files)

    def _ignored(self) -> list[str]:
        removed = [step for task in self.selection for step in task.result()["removed"]]
        return [name for step in removed for name in step["features"]]
