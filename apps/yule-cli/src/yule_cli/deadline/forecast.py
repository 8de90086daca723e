"""How long the tasks of a case that are not yet stored will take on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gokart_store import StoredTask
from yule_models import ExplainFold, ExplainShard, ScoreShard, Target, TrainFold
from yule_models.effort import Effort
from yule_models.explanation import MOST_PREDICTIONS, predictions_of_a_fold
from yule_runner import collect

from yule_cli.deadline.sizes import CaseSizes
from yule_cli.graph import CaseGraph
from yule_cli.resolution import ResolvedCase
from yule_cli.stages import stage_of

__all__ = ["SAFETY", "Forecast", "forecast"]

SAFETY = 1.5
"""What is added to a forecast before it is held against a deadline: fits end earlier or later than
usual, and fits side by side slow each other down."""
_START_S, _TASK_S = 12.0, 0.4
"""Of a run before its first task and after its last, and of any task besides its work."""
_READ_S = 2e-6
"""For each row of a table that a feature looks at."""


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a run would take.

    Attributes:
        seconds: Until its end, with as many tasks at once as there is room for.
        stages: Likewise by stage; a stage of which all is stored is left out.
    """

    seconds: float
    stages: Mapping[str, float]

    def slowed(self, times: float) -> Forecast:
        """Return what the run would take on a machine that is so many times slower."""
        stages = {stage: seconds * times for stage, seconds in self.stages.items()}
        return Forecast(seconds=self.seconds * times, stages=stages)


def forecast(
    graph: CaseGraph,
    resolved: ResolvedCase,
    sizes: CaseSizes,
    efforts: Callable[[Mapping[str, Any]], Effort],
    *,
    at_once: int,
) -> Forecast:
    """Add up what is not yet stored, stage after stage.

    Args:
        graph: The tasks of the case.
        resolved: The case.
        sizes: Its sizes.
        efforts: Measures what a model of the case takes here.
        at_once: How many tasks run side by side.
    """
    work = _Work(resolved=resolved, sizes=sizes, efforts=efforts)
    stages: dict[str, list[float]] = {}
    for task in collect(graph.targets).tasks.values():
        if not task.complete():
            stages.setdefault(stage_of(type(task).__name__), []).append(work.seconds(task))
    found = {stage: max(*each, sum(each) / at_once) for stage, each in stages.items()}
    return Forecast(seconds=_START_S + sum(found.values()), stages=found)


@dataclass(frozen=True, kw_only=True)
class _Work:
    resolved: ResolvedCase
    sizes: CaseSizes
    efforts: Callable[[Mapping[str, Any]], Effort]

    def seconds(self, task: StoredTask[Any]) -> float:
        """Return what a task takes by itself."""
        own = 0.0
        if isinstance(task, TrainFold):
            own = self.efforts(self._model(task.model.value["name"])).fit_s(self._training_rows())
        elif isinstance(task, ExplainFold):
            own = predictions_of_a_fold(self.sizes.columns) * self._predict_s()
        elif isinstance(task, ScoreShard):
            own = self._shard_rows() * self._folds() * self._predict_s()
        elif isinstance(task, ExplainShard):
            predictions = self._shard_rows() * MOST_PREDICTIONS
            own = predictions * self._folds() * self._predict_s()
        return _TASK_S + own + self.sizes.read_by(task) * _READ_S

    def _model(self, name: str) -> Mapping[str, Any]:
        return next(model for model in self.resolved.models if model["name"] == name)

    def _training_rows(self) -> int:
        """Return the rows of a fold; in a forward scheme the last fold has nearly all."""
        validation, rows = self.resolved.validation, self.sizes.rows
        if validation["kind"] == "forward":
            return rows
        folds = int(validation["folds"])
        return rows * (folds - 1) // folds

    def _folds(self) -> int:
        validation = self.resolved.validation
        return int(validation["folds"]) * int(validation.get("repeats", 1))

    def _shard_rows(self) -> float:
        return self.sizes.scored / int(self.resolved.score["shards"])

    def _predict_s(self) -> float:
        """Return the seconds in which all models that may be in the ensemble predict a row."""
        models = (model for model in self.resolved.models if model["candidate"])
        return sum(self.efforts(model).predict_s for model in models)


def learned_targets_of(resolved: ResolvedCase) -> list[Target]:
    """Return what models learn, as they are measured by."""
    return [Target.of(target).alone() for target in resolved.predicted_targets]
