"""The task that looks for features that know the outcome."""

from typing import Any, ClassVar

from gokart_store import (
    JsonFormat,
    JsonParameter,
    Resources,
    StoredTask,
    UpstreamListParameter,
    UpstreamParameter,
)

from yule_models.leaks import StoredColumns, find_leaks
from yule_models.tasks.targets import parse_targets

__all__ = ["FindLeaks"]


class FindLeaks(StoredTask[dict[str, Any]]):
    """The leak sentinel: scores each feature alone, and names those that lead suspiciously.

    The result is the JSON of `yule_models.leaks.find_leaks`.

    Parameters:
        features: Tasks with the sharded features of the labelled rows: one for all folds, or one
            for each, in their order.
        labels: Task with the labelled rows, row-aligned with the features.
        folds: The `AssignFolds` of these labels.
        targets: JSON: for each target its name, kind, and the classes of a multiclass one.
    """

    VERSION: ClassVar[int] = 3
    format = JsonFormat()
    features = UpstreamListParameter()
    labels = UpstreamParameter()
    folds = UpstreamParameter()
    targets = JsonParameter()

    def required_resources(self) -> Resources:
        """Return one core, and memory for one column at a time."""
        return Resources(cpu=1, memory_gib=1)

    def run(self) -> None:
        """Look and store."""
        self.dump(
            find_leaks(
                [StoredColumns(task.result()) for task in self.features],
                self.labels.result().table(),
                self.folds.result(),
                parse_targets(self.targets),
            )
        )
