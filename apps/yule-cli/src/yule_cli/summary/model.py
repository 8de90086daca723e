"""The summary of a run: one value that is printed, stored, tracked and reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from yule_cli.summary.contacts import Contacts
from yule_cli.summary.costs import StageCost
from yule_cli.summary.data import RowFacts
from yule_cli.summary.drift import Drift
from yule_cli.summary.explanation import TargetExplanation
from yule_cli.summary.leaks import TargetLeaks, suspects_of
from yule_cli.summary.learning import ModelLearning
from yule_cli.summary.scores import TargetScores
from yule_cli.summary.searches import ModelSearch
from yule_cli.summary.selection import RemovedFeature

if TYPE_CHECKING:
    from mushroom import LateColumn

__all__ = ["MlflowRun", "PublishedTable", "Repetition", "RunPaths", "RunSummary"]


@dataclass(frozen=True, kw_only=True)
class RunPaths:
    """Where a run's files are: absolute paths, and gs:// URLs of what lies in a bucket.

    Attributes:
        run: Folder of the run.
        resolved: `resolved.json`.
        predictions: Folder with the published Parquet files, or its URL; None where none were
            published.
        report: The HTML report, or None.
        tensorboard: Folder with the learning curves of all fits, or None.
        shared: URL of the copies of the run's own files in a bucket, or None.
    """

    run: Path
    resolved: Path
    predictions: Path | str | None = None
    report: Path | None = None
    tensorboard: Path | None = None
    shared: str | None = None


@dataclass(frozen=True, kw_only=True)
class MlflowRun:
    """Where MLflow keeps the run.

    Attributes:
        uri: The tracking URI.
        experiment: Name of the experiment.
        run_id: MLflow's own id of the run.
    """

    uri: str
    experiment: str
    run_id: str


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    """A table that predictions were written into.

    Attributes:
        warehouse: URL of the warehouse that it lies in.
        table: Its name.
        how: Whether they took the place of its rows, or joined them.
    """

    warehouse: str
    table: str
    how: Literal["replace", "append"]


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """Which run a run repeats.

    Attributes:
        run_id: The earlier run.
        has_same_predictions: Whether the predictions of both are the same bytes; None while that is
            not known.
    """

    run_id: str
    has_same_predictions: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What a run did and found.

    Attributes:
        run_id: The run.
        case: Name of the case.
        status: Whether it came to its end.
        started_at: In UTC.
        seconds: Wall-clock time.
        resolved_digest: Identity of the resolved case.
        paths: Where its files are.
        stages: What each stage cost, in the order in which they happen.
        targets: How good the models are; empty if the run failed before that was known.
        data: What is odd about the `training` rows and the `population`; empty if the run failed.
        drift: How the population differs from the latest training rows; None if the run failed.
        leaks: By target, what the leak sentinel found; empty if the run failed.
        late_columns: What the features read that the catalogue's own `known_at` contradicts.
        learning: What each model learned from; empty if the run failed.
        searches: What searches for parameters tried and chose; empty where none is asked for.
        removed: Features that folds left out, step by step; empty where none is asked to.
        explanation: By target, what its scores go by; empty where that is not asked for.
        contacts: By target, what to expect of the best-scored rows; empty if the run failed.
        model_version: Identity of the ensemble that made the predictions, or None.
        rows_scored: Rows of the prediction table, or None.
        predictions_digest: sha256 over the prediction table's files, or None.
        table: The table that the predictions were written into, or None.
        repeats: The run that this one repeats, or None.
        mlflow: Where it is tracked; None where it is not, or not yet.
        error: What went wrong, or None.
    """

    run_id: str
    case: str
    status: Literal["succeeded", "failed"]
    started_at: datetime
    seconds: float
    resolved_digest: str
    paths: RunPaths
    stages: tuple[StageCost, ...] = ()
    targets: tuple[TargetScores, ...] = field(default=())
    data: Mapping[str, RowFacts] = field(default_factory=dict)
    drift: Drift | None = None
    leaks: Mapping[str, TargetLeaks] = field(default_factory=dict)
    late_columns: tuple[LateColumn, ...] = ()
    learning: tuple[ModelLearning, ...] = ()
    searches: tuple[ModelSearch, ...] = ()
    removed: tuple[RemovedFeature, ...] = ()
    explanation: Mapping[str, TargetExplanation] = field(default_factory=dict)
    contacts: Mapping[str, Contacts] = field(default_factory=dict)
    model_version: str | None = None
    rows_scored: int | None = None
    predictions_digest: str | None = None
    table: PublishedTable | None = None
    repeats: Repetition | None = None
    mlflow: MlflowRun | None = None
    error: str | None = None

    @property
    def leak_suspects(self) -> tuple[str, ...]:
        """Features that may know the outcome, and columns that are known late, each once."""
        return suspects_of(self.leaks, self.late_columns)

    @property
    def computed(self) -> int:
        """Number of tasks computed."""
        return sum(stage.computed for stage in self.stages)

    @property
    def reused(self) -> int:
        """Number of tasks whose results came from the cache."""
        return sum(stage.reused for stage in self.stages)
