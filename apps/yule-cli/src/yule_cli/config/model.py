"""The fields of a case file, with their defaults and their meaning."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from yule_cli.config.cluster import Cluster

__all__ = [
    "Case",
    "Ensemble",
    "Labels",
    "ModelEntry",
    "Run",
    "Score",
    "TargetEntry",
    "Tracking",
    "Validation",
]


def _checked_name(value: str) -> str:
    if not re.fullmatch(_NAME, value):
        raise ValueError("use letters, digits, - and _, at most 63, the first a letter")
    return value


def _checked_duration(value: str) -> str:
    if not re.fullmatch(_DURATION, value):
        raise ValueError("write a number and a unit of s, m, h, d or w, as in 60d")
    return value


def _features_or_auto(value: object) -> object:
    return None if value == "auto" else value


_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,62}"
_DURATION = r"[1-9][0-9]*[smhdw]"
Name = Annotated[
    str, AfterValidator(_checked_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"})
]
Duration = Annotated[
    str,
    AfterValidator(_checked_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"}),
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TargetEntry(_Section):
    """What is to be predicted."""

    kind: Literal["binary"] = Field(default="binary", description="Kind of the target.")
    column: str | None = Field(
        default=None, description="Column of the label table; the target's name by default."
    )


class Labels(_Section):
    """The rows to learn from: who, when, and what happened after."""

    table: str | list[str] = Field(
        description="Table of the warehouse, or several that are put together."
    )
    entity: str = Field(description="Column with the entity's id.")
    as_of: str = Field(description="Column with the time at which each row is described.")
    data_until: str | None = Field(
        default=None,
        description="Column with the time up to which data may be used; `as_of` by default.",
    )
    horizon: Duration = Field(description="How far after `as_of` a label looks: 60d, 12h, 8w.")
    targets: dict[Name, Literal["binary"] | TargetEntry] = Field(
        min_length=1, description="Targets by name."
    )
    known_until: str = Field(
        default="latest",
        description="Date or time until which outcomes are known, and so the end of any label's "
        "horizon; `latest` is the day of the last event of the catalogue.",
    )


class ModelEntry(_Section):
    """One model to train."""

    name: Name = Field(description="Name in reports; also part of its seed.")
    kind: str = Field(description="Kind of model: gbdt, neural, linear or constant.")
    params: dict[str, Any] = Field(default_factory=dict, description="Parameters of the kind.")
    candidate: bool = Field(
        default=True, description="Whether the ensemble may use it; false for a baseline."
    )


class Validation(_Section):
    """How training rows are cut into folds."""

    scheme: Literal["auto", "stratified", "grouped", "forward"] = Field(
        default="auto", description="auto: forward in time where as_of repeats, else stratified."
    )
    folds: int = Field(
        default=5, ge=2, le=50, description="Number of folds; forward may have to take fewer."
    )


class Ensemble(_Section):
    """How models are combined."""

    metric: Literal["log_loss", "auc", "average_precision", "brier"] = Field(
        default="log_loss", description="Metric that the selection improves."
    )
    rounds: int = Field(default=25, ge=1, le=1000, description="Rounds of greedy selection.")


class Score(_Section):
    """Whom to score, and at what time."""

    population: str = Field(description="Table of the catalogue whose entities are scored.")
    as_of: str = Field(
        default="latest", description="Date or time; `latest` is the last event of the catalogue."
    )
    shards: int = Field(
        default=4, ge=1, le=10_000, description="Number of parts that are scored on their own."
    )


class Tracking(_Section):
    """Where MLflow keeps the runs."""

    uri: str | None = Field(
        default=None,
        description="MLflow tracking URI, in which ${env:NAME} and ${file:PATH} name secrets; an "
        "SQLite file in `.yule` by default.",
    )
    experiment: str | None = Field(
        default=None, description="Experiment; the case's name by default."
    )


class Run(_Section):
    """How the work is carried out. Nothing here changes a result."""

    on: Literal["local", "kubernetes"] = Field(default="local", description="Where tasks run.")
    cluster: Cluster | None = Field(
        default=None, description="The cluster; `on: kubernetes` needs it."
    )
    workers: int | None = Field(
        default=None, ge=1, le=256, description="Worker processes; by default one per core."
    )
    memory_gib: float | None = Field(
        default=None, gt=0, description="Memory that tasks may take in total; all by default."
    )
    query_threads: int | None = Field(
        default=None, ge=1, le=256, description="Threads of a DuckDB query; `threads` by default."
    )
    query_memory_gib: float = Field(
        default=1.5,
        ge=0.1,
        description="Memory that a DuckDB query may take before it spills to disk; tasks that ask "
        "the warehouse declare it, and some more for themselves.",
    )
    retries: int = Field(
        default=1, ge=0, le=10, description="How often a failed task is tried again."
    )


class Case(_Section):
    """One request: labels for some in, scores for everybody out."""

    case: Name = Field(description="Name of the case.")
    warehouse: str = Field(
        description="duckdb:<folder with Parquet or CSV>, duckdb:gs://<bucket>/<prefix> likewise, "
        "duckdb:<database file>, or bigquery://<project>/<dataset>, with limits and a location as "
        "its query."
    )
    catalog: str = Field(description="Path of the catalogue, relative to this file.")
    labels: Labels
    features: Annotated[list[dict[str, Any]] | None, BeforeValidator(_features_or_auto)] = Field(
        default=None,
        description="Feature methods; `auto`, the default, chooses them by the catalogue, the "
        "labels' horizon and how far the data reaches back.",
    )
    models: list[ModelEntry] | None = Field(
        default=None, description="Models to train; by default one gbdt and one neural."
    )
    baselines: list[str] = Field(
        default=["linear", "constant"],
        description="Kinds that are reported beside the models, never used.",
    )
    validation: Validation = Field(default_factory=Validation)
    ensemble: Ensemble = Field(default_factory=Ensemble)
    score: Score
    tracking: Tracking = Field(default_factory=Tracking)
    store: str | None = Field(
        default=None,
        description="Folder of all state, `.yule` beside this file by default; or "
        "gs://bucket/prefix for results and what is published, with the rest in `.yule`.",
    )
    run: Run = Field(default_factory=Run)
    threads: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Threads of each fit, part of its result's identity; fits run side by side, so "
        "that more of them help only where there are fewer fits than cores.",
    )
    seed: int = Field(default=0, ge=0, lt=2**31, description="Seed of the folds and the models.")
