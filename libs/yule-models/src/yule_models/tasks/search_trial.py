"""The task that tries parameters of one model on one fold."""

from typing import Any, ClassVar

import luigi
from gokart_store import (
    JsonFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
)

from yule_models.registry import describe_kind
from yule_models.search import run_trial
from yule_models.tasks.checkpoints import checkpoints
from yule_models.tasks.engines import engine_of, versioned
from yule_models.tasks.targets import parse_targets
from yule_models.trunks import start_of

__all__ = ["SearchTrial"]


class SearchTrial(StoredTask[dict[str, Any]]):
    """Try parameters on a fold's training rows; the result is the JSON of `run_trial`.

    A trial depends on those of earlier rounds alone, never on how many there will be: a longer
    search goes on from a shorter one. An interrupted trial goes on too, of kinds whose fits do.

    Parameters:
        features: Task with a sharded dataset of entity_id, as_of and the features.
        labels: Task with the labelled rows, row-aligned with the features.
        folds: The `AssignFolds` of these labels.
        model: JSON: name, kind, the params that all trials share, and perhaps `start`; see
            `TrainFold`.
        space: JSON of `yule_models.search.search_space`.
        targets: JSON: for each target its name, kind, and the classes of a multiclass one.
        fold: Number of the fold.
        number: Number of the trial, from 0 on.
        earlier: The first `yule_models.search.trials_seen(number)` trials of this search.
        seed: Seed of the run.
        threads: Threads of the fit, which may change its outcome.
        selection: The `SelectFeatures` of this fold; none: the model is given all features.
    """

    VERSION: ClassVar[int] = 6
    format = JsonFormat()
    features = UpstreamParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    model = JsonParameter()
    space = JsonParameter()
    targets = JsonParameter()
    fold = luigi.IntParameter()
    number = luigi.IntParameter()
    earlier = UpstreamListParameter(default=())
    seed = luigi.IntParameter(default=0)
    threads = luigi.IntParameter(default=2)
    selection = UpstreamListParameter(default=())

    def fingerprint(self) -> dict[str, Any]:
        """Return the engine that fits and the library that suggests, with major.minor versions."""
        return {"engine": engine_of(self.model.value["kind"]), "sampler": versioned("optuna")}

    def required_resources(self) -> Resources:
        """Return what a fit takes; see `TrainFold`."""
        kind = describe_kind(self.model.value["kind"])
        gpu = bool(self.model.value.get("params", {}).get("gpu"))
        return Resources(cpu=self.threads, memory_gib=kind.memory_gib, gpu=int(gpu))

    def run(self) -> None:
        """Try and store; go on where an interrupted attempt had come to."""
        removed = [step for task in self.selection for step in task.result()["removed"]]
        with (
            start_of(self.workspace_directory, self.model.value) as start,
            checkpoints(self, self.model.value["kind"]) as checkpoint,
        ):
            found = run_trial(
                self.features.result().table(),
                self.labels.result().table(),
                self.folds.result(),
                fold=self.fold,
                model=self.model.value,
                space=self.space.value,
                number=self.number,
                earlier=[task.result() for task in self.earlier],
                targets=parse_targets(self.targets),
                seed=self.seed,
                threads=self.threads,
                checkpoint=checkpoint,
                start=start,
                ignore=[name for step in removed for name in step["features"]],
            )
            self.dump(found)
