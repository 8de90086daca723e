"""The task that scores one shard of the population."""

from typing import ClassVar

import luigi
import pyarrow as pa
from gokart_store import (
    ParquetFormat,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
)

from yule_models.ensemble import Blend, EnsembleError
from yule_models.scoring import EnsembleMember, score
from yule_models.tasks.fit_ensemble import fits_by_model
from yule_models.tasks.targets import parse_targets

__all__ = ["ScoreShard"]


class ScoreShard(StoredTask[pa.Table]):
    """Score the rows of one shard with all fold models, ensembled.

    A model's prediction is the plain mean over its fold models, in a forward scheme too, where
    those of earlier folds have seen fewer rows: these are the models that the report judged.

    The result has entity_id, as_of and the columns of each target (see
    `yule_models.scoring.scored_columns`), row by row as in the shard.

    Parameters:
        features: Tasks with the sharded features of the population: one for all fits, or one for
            each fold, in their order, where each fold's models know features of their own.
        fits: The `TrainFold` tasks that the ensemble was fitted on.
        ensemble: The `FitEnsemble`.
        shard: Number of the shard.
    """

    VERSION: ClassVar[int] = 6
    format = ParquetFormat()
    features = UpstreamListParameter()
    fits = UpstreamListParameter()
    ensemble = UpstreamParameter()
    shard = luigi.IntParameter()

    def required_resources(self) -> Resources:
        """Return the threads of the models, and memory for a shard and one model at a time."""
        return Resources(cpu=max(task.threads for task in self.fits), memory_gib=2)

    def run(self) -> None:
        """Score and store.

        Raises:
            EnsembleError: If the fits are not those that the ensemble weighs, or the features are
                neither of all fits nor of each fold.
        """
        if set(self.fits) != set(self.ensemble.fits):
            raise EnsembleError(
                f"Shard {self.shard} was given {len(self.fits)} fits that are not the "
                f"{len(self.ensemble.fits)} that its ensemble weighs; give it the same."
            )
        folds = {task.fold for task in self.fits}
        if len(self.features) not in (1, len(folds)):
            raise EnsembleError(
                f"Shard {self.shard} was given the features of {len(self.features)} folds, and its "
                f"models were fitted on {len(folds)}; give it one task for all, or one for each."
            )
        stored = self.ensemble.result().json("blends.json")
        blends = {target: Blend.of(value) for target, value in stored.items()}
        members = (
            EnsembleMember(name=name, folders=[task.result().path("model") for task in fits])
            for name, fits in fits_by_model(self.fits).items()
            if any(name in blend.weights for blend in blends.values())
        )
        features = [task.result().shard(self.shard) for task in self.features]
        self.dump(score(features, members, parse_targets(self.ensemble.targets), blends))
