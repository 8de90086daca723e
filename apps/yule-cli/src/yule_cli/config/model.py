"""The fields of a case file, with their defaults and their meaning."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from yule_models import preset_models

from yule_cli.config.cluster import Cluster
from yule_cli.config.ensemble import Ensemble
from yule_cli.config.fields import Duration, Name, Section
from yule_cli.config.labels import Labels
from yule_cli.config.publish import Publish
from yule_cli.config.select import Select

__all__ = [
    "Case",
    "Contact",
    "Explain",
    "ModelEntry",
    "Run",
    "Score",
    "Search",
    "Tracking",
    "Validation",
]


def _models_of_preset(value: object) -> object:
    """Replace the name of a preset by its models."""
    if not isinstance(value, str):
        return value
    return [
        {"name": model.name, "kind": model.kind, "params": dict(model.params)}
        for model in preset_models(value)
    ]


def _features_or_auto(value: object) -> object:
    return None if value == "auto" else value


class Search(Section):
    """A search for parameters, within each fold: by trials on a part of its training rows."""

    trials: int = Field(
        ge=1,
        le=500,
        description="How many parameters are tried on each fold, the defaults first; more of them "
        "go on from those that were tried before.",
    )
    ranges: dict[str, list[int | float]] = Field(
        default_factory=dict,
        description="By parameter the least and the largest value to try, as {num_leaves: [4, "
        "64]}; the others that the kind searches keep its own ranges. A parameter in `params` is "
        "fixed.",
    )


class ModelEntry(Section):
    """One model to train."""

    name: Name = Field(description="Name in reports; also part of its seed.")
    kind: str = Field(
        description="Kind of model: gbdt, neural, tabm, sequence, linear or constant."
    )
    params: dict[str, Any] = Field(default_factory=dict, description="Parameters of the kind.")
    start_from: str | None = Field(
        default=None,
        description="Trunk that a network starts from: a file that `yule trunk` wrote, relative to "
        "this file. The parameter `transfer` says what of it learns on.",
    )
    search: Search | None = Field(
        default=None,
        description="Searches the parameters of the kind; needs `yule-models[search]`.",
    )
    candidate: bool = Field(
        default=True, description="Whether the ensemble may use it; false for a baseline."
    )


class Validation(Section):
    """How training rows are cut into folds."""

    scheme: Literal["auto", "stratified", "grouped", "forward"] = Field(
        default="auto",
        description="stratified: rows of each class alike in all folds, one row of each entity; "
        "grouped: whole entities; forward: each period by models of earlier rows; auto: forward "
        "where there are several as_of, else stratified.",
    )
    folds: int = Field(
        default=5, ge=2, le=50, description="Number of folds; forward may have to take fewer."
    )
    repeats: int = Field(
        default=1,
        ge=1,
        le=20,
        description="How often rows are cut into folds anew, each time in another order: so many "
        "out-of-fold predictions of a row are averaged, and so many times as many models are "
        "trained. Not with forward, where time alone decides.",
    )
    gap: Duration | None = Field(
        default=None,
        description="How long before a forward validation the last row that its models learn from "
        "is described, at least, as 90d: the time until a model is used. Not below the horizon of "
        "the labels, which it is by default.",
    )


class Contact(Section):
    """What contacting somebody costs and brings, so that a cut can be recommended."""

    cost: float = Field(gt=0, allow_inf_nan=False, description="What one contact costs.")
    value: float = Field(
        gt=0,
        allow_inf_nan=False,
        description="What one conversion brings, or one unit of a predicted amount.",
    )
    capacity: int | None = Field(
        default=None, ge=1, description="The most contacts that can be made; any number by default."
    )


class Score(Section):
    """Whom to score, and at what time: a population at one time, or rows with a time each."""

    population: str | None = Field(
        default=None, description="Table of the catalogue whose entities are scored."
    )
    as_of: str = Field(
        default="latest",
        description="Date or time as of which the population is scored; `latest` is the last event "
        "of the catalogue.",
    )
    rows: str | None = Field(
        default=None,
        description="Instead of a population: table of the warehouse with the rows to score, in "
        "which columns are called as in the labels: `entity`, `as_of` and, if named, `data_until`.",
    )
    shards: int = Field(
        default=4, ge=1, le=10_000, description="Number of parts that are scored on their own."
    )
    contact: dict[Name, Contact] = Field(
        default_factory=dict,
        description="By target, binary or an amount: what a contact costs and brings. The report "
        "then says whom to contact. The probabilities of a binary target must be calibrated.",
    )

    @model_validator(mode="after")
    def _says_whom_once(self) -> Self:
        if self.population is None and self.rows is None:
            raise ValueError("name a `population` of the catalogue, or a table of `rows`")
        if self.rows is not None and (set_too := {"population", "as_of"} & self.model_fields_set):
            raise ValueError(f"`rows` says whom to score and when, so leave out `{min(set_too)}`")
        return self


class Explain(Section):
    """What a run says about why models predict what they do."""

    importances: bool = Field(
        default=True,
        description="Whether each model of the ensemble, and the ensemble, is explained out of "
        "fold: by permutation and by contributions (SHAP), on up to 1,000 rows of each fold.",
    )
    reasons: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many features the prediction table names for each row and target that "
        "move it most, in words; it takes as long as scoring many times over.",
    )


class Tracking(Section):
    """Where MLflow keeps the runs."""

    enabled: bool = Field(
        default=True, description="Whether MLflow hears of the runs; without, they end sooner."
    )
    uri: str | None = Field(
        default=None,
        description="MLflow tracking URI, in which ${env:NAME} and ${file:PATH} name secrets; an "
        "SQLite file in `.yule` by default.",
    )
    experiment: str | None = Field(
        default=None, description="Experiment; the case's name by default."
    )


class Run(Section):
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


class Case(Section):
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
    select: Select = Field(default_factory=Select)
    models: Annotated[list[ModelEntry] | None, BeforeValidator(_models_of_preset)] = Field(
        default=None,
        description="Models to train, or a preset: a fixed list of models, from the quickest to "
        "the best; by default one gbdt and one neural.",
    )
    baselines: list[str] = Field(
        default=["linear", "constant"],
        description="Kinds that are reported beside the models, never used.",
    )
    validation: Validation = Field(default_factory=Validation)
    ensemble: Ensemble = Field(default_factory=Ensemble)
    score: Score
    explain: Explain = Field(default_factory=Explain)
    publish: Publish | None = Field(
        default=None, description="A table that gets the predictions; by default none does."
    )
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
