"""Composes a resolved case into the graph of tasks: a pure function of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gokart_store import StoredTask, open_store
from mushroom import DescribeFeatures, EntityRows, LabelRows, Population, Source
from yule_models import (
    AssignFolds,
    ExplainEnsemble,
    ExplainFold,
    ExplainShard,
    FindDrift,
    FindLeaks,
    FitEnsemble,
    FoldScheme,
    PredictionTable,
    ScoreShard,
    SelectFeatures,
    Target,
    TrainFold,
    describe_kind,
    learned_targets,
)

from yule_cli.described import DescribedRows
from yule_cli.errors import CaseError
from yule_cli.resolution import ResolvedCase
from yule_cli.searching import fold_fit

__all__ = [
    "FACTORY",
    "CaseGraph",
    "build",
    "compose",
    "factory_arguments",
    "stored_arguments",
]

FACTORY = "yule"
"""Name of `build` among the entry points `yule_runner.factories`."""


@dataclass(frozen=True, kw_only=True)
class CaseGraph:
    """The tasks of a case that somebody asks about by name.

    Attributes:
        labels: The labelled rows.
        population: The rows to score.
        features: The feature tasks of the training rows, then those of the population.
        fits: The fit of each (model name, fold), folds of all repeats numbered through.
        selections: For each fold which features its models are given; empty: all.
        ensemble: Weights and metrics.
        explanation: What models and ensemble go by; None where the case does not ask.
        predictions: The prediction table.
        descriptions: What there is to know of the `training` rows and of the `population`.
        drift: How the population differs from the training rows.
        leaks: The features that may know the outcome.
        sequences: The features of both that hold sequences.
    """

    labels: LabelRows
    population: Population | EntityRows
    features: tuple[StoredTask[Any], ...]
    fits: Mapping[tuple[str, int], TrainFold]
    selections: tuple[SelectFeatures, ...]
    ensemble: FitEnsemble
    explanation: ExplainEnsemble | None
    predictions: PredictionTable
    descriptions: Mapping[str, DescribeFeatures]
    drift: FindDrift
    leaks: FindLeaks
    sequences: tuple[StoredTask[Any], ...]

    @property
    def targets(self) -> tuple[StoredTask[Any], ...]:
        """What the run is for: everything else is upstream of these."""
        explanation = () if self.explanation is None else (self.explanation,)
        looks = (*self.descriptions.values(), self.drift, self.leaks)
        return (self.predictions, *explanation, *looks, *self.sequences)


def build(arguments: Mapping[str, Any]) -> Sequence[StoredTask[Any]]:
    """Build the graph in any process: the factory that workers call.

    Args:
        arguments: `resolved`, the path of a `resolved.json`, or its key in `store`; and `sha256`,
            the digest of its bytes.

    Raises:
        CaseError: If it is not there, or not the one that the run was started with.
    """
    place = arguments["resolved"]
    content = _stored(place, arguments.get("store"))
    if content is None:
        raise CaseError([f"{place} is no longer there; start the run again."])
    if hashlib.sha256(content).hexdigest() != arguments["sha256"]:
        raise CaseError([f"{place} was changed after the run began; start the run again."])
    return compose(ResolvedCase.parse(content, place)).targets


def factory_arguments(resolved: Path) -> dict[str, str]:
    """Return the arguments with which `build` makes the graph of a `resolved.json`."""
    return {"resolved": str(resolved), "sha256": _sha256(resolved)}


def stored_arguments(resolved: Path, store: str) -> dict[str, str]:
    """Put a `resolved.json` into a store; return the arguments for machines that see only that."""
    content = resolved.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    key = f"resolved/{sha256}.json"
    open_store(store).write_bytes(key, content)
    return {"store": store, "resolved": key, "sha256": sha256}


def compose(resolved: ResolvedCase) -> CaseGraph:
    """Compose the tasks of a case."""
    place = {"workspace_directory": resolved.store}
    source = Source(**resolved.source)
    labels = LabelRows(labels=resolved.labels, **source.arguments(), **place)
    population = _population(resolved, {**source.arguments(), **place})
    learning = {"labels": labels, "seed": resolved.seed, **place}
    scheme = FoldScheme.of(resolved.validation)
    folds = AssignFolds(scheme=scheme.to_json(), **learning)
    dealt = _dealt(scheme, learning)
    training = DescribedRows.of(labels, resolved, source, dealt)
    scoring = DescribedRows.of(population, resolved, source, dealt)
    predicted = [Target.of(target).alone().to_json() for target in resolved.predicted_targets]
    selections = tuple(
        SelectFeatures(
            features=training.tables[fold],
            folds=dealt[fold],
            targets=predicted,
            options=resolved.select,
            fold=fold,
            threads=resolved.threads,
            **learning,
        )
        for fold in range(len(dealt))
        if resolved.select
    )
    fits = {
        (model["name"], fold): fold_fit(
            model.get("search"),
            features=training.table(fold, sequenced=_reads_sequences(model)),
            folds=dealt[fold],
            model=_model(model),
            targets=_learned(model, resolved),
            fold=fold,
            threads=resolved.threads,
            selection=selections[fold : fold + 1],
            **learning,
        )
        for model in resolved.models
        for fold in range(len(dealt))
    }
    ensemble = FitEnsemble(
        fits=tuple(fits.values()),
        labels=labels,
        folds=folds,
        targets=predicted,
        baselines=sorted(m["name"] for m in resolved.models if not m["candidate"]),
        options=resolved.ensemble,
        **place,
    )
    reads_sequences = any(map(_reads_sequences, resolved.models))
    explanation = ExplainEnsemble(
        folds=tuple(
            ExplainFold(
                features=training.table(fold, sequenced=reads_sequences),
                fits=tuple(fits.values()),
                ensemble=ensemble,
                folds=folds,
                fold=fold,
                **learning,
            )
            for fold in range(len(dealt))
        ),
        **place,
    )
    shards = tuple(
        ScoreShard(
            features=scoring.to_score(sequenced=reads_sequences),
            fits=tuple(fits.values()),
            ensemble=ensemble,
            shard=shard,
            **place,
        )
        for shard in range(resolved.score["shards"])
    )
    reasons = tuple(
        ExplainShard(
            features=scoring.to_score(sequenced=reads_sequences),
            fits=tuple(fits.values()),
            ensemble=ensemble,
            scores=scores,
            explanation=explanation,
            reasons=resolved.explain["reasons"],
            **place,
        )
        for scores in shards
        if resolved.explain["reasons"]
    )
    return CaseGraph(
        labels=labels,
        population=population,
        features=(*training.tasks, *scoring.tasks),
        fits=fits,
        selections=selections,
        ensemble=ensemble,
        explanation=explanation if resolved.explain["importances"] else None,
        predictions=PredictionTable(shards=shards, ensemble=ensemble, reasons=reasons, **place),
        descriptions={"training": training.description, "population": scoring.description},
        drift=FindDrift(
            training=training.tables[-1],
            population=scoring.tables[-1],
            seed=resolved.seed,
            threads=resolved.threads,
            **place,
        ),
        leaks=FindLeaks(
            features=training.distinct,
            labels=labels,
            folds=folds,
            targets=predicted,
            **place,
        ),
        sequences=(*training.sequences, *scoring.sequences),
    )


def _dealt(scheme: FoldScheme, learning: Mapping[str, Any]) -> list[AssignFolds]:
    """Return for each fold the task that deals its repeat alone: others change none of its fits."""
    repeats = [
        AssignFolds(scheme=scheme.of_repeat(repeat).to_json(), **learning)
        for repeat in range(scheme.repeats)
    ]
    return [task for task in repeats for _ in range(scheme.folds)]


def _population(resolved: ResolvedCase, arguments: Mapping[str, Any]) -> Population | EntityRows:
    shards = resolved.score["shards"]
    if "rows" in resolved.score:
        return EntityRows(rows=resolved.score["rows"], shards=shards, **arguments)
    table, as_of = resolved.score["population"], resolved.score["as_of"]
    return Population(table=table, as_of=as_of, shards=shards, **arguments)


def _reads_sequences(model: Mapping[str, Any]) -> bool:
    return describe_kind(model["kind"]).reads_sequences


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model as `TrainFold` takes it: a trunk by its hash, wherever it came from."""
    found = {name: model[name] for name in ("name", "kind", "params")}
    return found | ({"start": model["start"]["sha256"]} if "start" in model else {})


def _learned(model: Mapping[str, Any], resolved: ResolvedCase) -> list[dict[str, Any]]:
    """Return the targets that a model learns: those that it does not are no part of its fits."""
    targets = [Target.of(target) for target in resolved.targets]
    learned = learned_targets(model["kind"], model["params"], targets)
    return [target.to_json() for target in learned]


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stored(place: str, store: str | None) -> bytes | None:
    if store is not None:
        return open_store(store).read_bytes(place)
    path = Path(place)
    return path.read_bytes() if path.is_file() else None
