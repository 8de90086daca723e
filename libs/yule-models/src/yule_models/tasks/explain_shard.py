"""The task that says why the rows of one shard are scored as they are."""

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

from yule_models.ensemble import Blend
from yule_models.explanation import ranked_features, reasons_of
from yule_models.scoring import EnsembleMember
from yule_models.tasks.explain_ensemble import typical_file
from yule_models.tasks.explain_fold import EXPLANATION_FILE
from yule_models.tasks.fit_ensemble import fits_by_model
from yule_models.tasks.targets import parse_targets
from yule_models.training import feature_frame

__all__ = ["ExplainShard"]


class ExplainShard(StoredTask[pa.Table]):
    """Name the features that move the scores of each row of a shard most.

    The result has entity_id, as_of and the columns of reasons of each target (see
    `yule_models.explanation.reasons_of`), row by row as in the shard.

    Parameters:
        features: Tasks with the sharded features of the population, as the `ScoreShard` has them.
        fits: The `TrainFold` tasks that the ensemble was fitted on.
        ensemble: The `FitEnsemble`.
        scores: The `ScoreShard` of this shard.
        explanation: The `ExplainEnsemble` of its ensemble.
        reasons: Reasons of each row and target.
    """

    VERSION: ClassVar[int] = 3
    format = ParquetFormat()
    features = UpstreamListParameter()
    fits = UpstreamListParameter()
    ensemble = UpstreamParameter()
    scores = UpstreamParameter()
    explanation = UpstreamParameter()
    reasons = luigi.IntParameter(default=3)

    def required_resources(self) -> Resources:
        """Return the threads of the models, and memory for all models and a batch of rows."""
        return Resources(cpu=max(task.threads for task in self.fits), memory_gib=3)

    def run(self) -> None:
        """Explain and store."""
        stored = self.ensemble.result().json("blends.json")
        blends = {target: Blend.of(value) for target, value in stored.items()}
        by_model = fits_by_model(self.fits)
        used = {name for blend in blends.values() for name in blend.weights}
        explanation = self.explanation.result()
        report = explanation.json(EXPLANATION_FILE)
        members = [
            EnsembleMember(name=name, folders=[task.result().path("model") for task in fits])
            for name, fits in by_model.items()
            if name in used
        ]
        folds = len(next(iter(by_model.values())))
        table = reasons_of(
            [task.result().shard(self.scores.shard) for task in self.features],
            members,
            self.scores.result(),
            typical=[feature_frame(explanation.table(typical_file(fold))) for fold in range(folds)],
            targets=parse_targets(self.ensemble.targets),
            blends=blends,
            players=ranked_features(
                [found["ensemble"]["permutation"] for found in report["targets"].values()]
            ),
            count=self.reasons,
        )
        self.dump(table)
