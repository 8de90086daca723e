"""All tasks in their order, on labels and features that a small upstream task makes up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import luigi
import numpy as np
import pyarrow as pa
import pytest
from gokart_store import DatasetFormat, ShardedDataset, StoredTask, run_task
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from yule_models.ensemble import EnsembleError
from yule_models.explanation import explain_ensemble
from yule_models.targets import Target
from yule_models.tasks import (
    AssignFolds,
    ExplainEnsemble,
    ExplainFold,
    FindLeaks,
    FitEnsemble,
    PredictionTable,
    ScoreShard,
    TrainFold,
    TrainingEntities,
)
from yule_models.tasks.explain_ensemble import typical_file
from yule_models.tasks.explain_fold import EXPLANATION_FILE, explained_members

TARGETS = [{"name": "purchased", "kind": "binary"}]
MODELS = [
    {"name": "linear", "kind": "linear", "params": {}},
    {"name": "constant", "kind": "constant", "params": {}},
]
MONTHS = 3
ENTITIES = 120


class MadeUpRows(StoredTask[ShardedDataset]):
    """Rows of entities over months: their labels, or the features that foretell these."""

    format = DatasetFormat()
    what = luigi.Parameter()
    shards = luigi.IntParameter(default=1)

    def run(self) -> None:
        self.dump(self.table().slice(*piece) for piece in self.pieces())

    def pieces(self) -> list[tuple[int, int]]:
        size = ENTITIES * MONTHS // self.shards
        return [(shard * size, size) for shard in range(self.shards)]

    def table(self) -> pa.Table:
        random = np.random.default_rng(7)
        entity, month = np.divmod(np.arange(ENTITIES * MONTHS), MONTHS)
        signal = random.normal(size=len(entity))
        purchased = (signal + random.normal(size=len(entity)) > 0).astype(np.int64)
        times = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=30 * int(m)) for m in month]
        columns: dict[str, Any] = {
            "entity_id": entity,
            "as_of": pa.array(times, pa.timestamp("us", "UTC")),
        }
        if self.what == "labels":
            columns["purchased"] = purchased
        else:
            columns["visits.count"] = signal
            columns["visits.missing"] = pa.array(np.where(signal > 1, None, signal), pa.float64())
        return pa.table(columns)


@dataclass
class Chain:
    labels: MadeUpRows
    folds: AssignFolds
    fits: Sequence[TrainFold]
    ensemble: FitEnsemble
    shards: Sequence[ScoreShard]
    predictions: PredictionTable

    def run(self) -> None:
        for task in (self.labels, *self.fits[0].upstream(), *self.shards[0].upstream()):
            if not task.complete() and isinstance(task, MadeUpRows | AssignFolds):
                run_task(task)
        for task in (*self.fits, self.ensemble, *self.shards, self.predictions):
            run_task(task)


def chain(store: Path, *, models: Sequence[dict[str, Any]] = MODELS, seed: int = 0) -> Chain:
    place = {"workspace_directory": str(store)}
    labels = MadeUpRows(what="labels", **place)
    features = MadeUpRows(what="features", **place)
    population = MadeUpRows(what="features", shards=2, **place)
    scheme = {"kind": "forward", "folds": 2, "horizon_s": 30 * 86400}
    folds = AssignFolds(labels=labels, scheme=scheme, seed=seed, **place)
    fits = [
        TrainFold(
            features=features,
            labels=labels,
            folds=folds,
            model=model,
            targets=TARGETS,
            fold=fold,
            seed=seed,
            threads=1,
            **place,
        )
        for model in models
        for fold in range(2)
    ]
    learned = {"fits": fits, "labels": labels, "folds": folds, "targets": TARGETS}
    ensemble = FitEnsemble(baselines=["constant"], **learned, **place)
    shards = [
        ScoreShard(features=[population], fits=fits, ensemble=ensemble, shard=shard, **place)
        for shard in range(2)
    ]
    return Chain(
        labels=labels,
        folds=folds,
        fits=fits,
        ensemble=ensemble,
        shards=shards,
        predictions=PredictionTable(shards=shards, ensemble=ensemble, **place),
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    tasks = chain(tmp_path_factory.mktemp("store"))
    tasks.run()
    return tasks


def test_a_fold_stores_its_model_predictions_curve_and_summary(done: Chain) -> None:
    stored = done.fits[1].result()
    assert {name.split("/")[0] for name in stored.names} == {
        "model",
        "oof.parquet",
        "curve.json",
        "importances.json",
        "summary.json",
    }
    summary = stored.json("summary.json")
    assert summary["model"] == "linear"
    assert summary["purged_rows"] == 0
    assert summary["training_rows"] + summary["inner_rows"] == 2 * ENTITIES
    assert summary["validation_rows"] == ENTITIES
    assert summary["metrics"]["purchased"]["auc"] > 0.7


def test_out_of_fold_rows_carry_their_labels(done: Chain) -> None:
    oof = done.fits[0].result().table("oof.parquet")
    assert oof.column_names == ["entity_id", "as_of", "fold", "purchased", "label.purchased"]
    assert oof["fold"].unique().to_pylist() == [0]
    assert oof["as_of"].unique().to_pylist() == [datetime(2024, 1, 31, tzinfo=UTC)]
    labels = done.labels.result().table().to_pandas()
    expected = labels.loc[labels["as_of"] == "2024-01-31", "purchased"].tolist()
    assert oof["label.purchased"].to_pylist() == expected


def test_the_learning_curve_is_there_for_tensorboard(done: Chain) -> None:
    curve = done.fits[0].result().json("curve.json")
    events = EventAccumulator(str(done.fits[0].side_folder("curves"))).Reload()
    for tag in {tag for point in curve for tag in point["values"]}:
        steps = [point["step"] for point in curve if tag in point["values"]]
        assert [event.step for event in events.Scalars(tag)] == steps


def test_the_sentinel_ranks_the_stored_columns(done: Chain) -> None:
    place = {"workspace_directory": done.labels.workspace_directory}
    features = done.fits[0].features
    task = FindLeaks(
        features=[features], labels=done.labels, folds=done.folds, targets=TARGETS, **place
    )
    run_task(task)
    found = task.result()["targets"]["purchased"]
    assert {row["feature"] for row in found["ranking"]} == {"visits.count", "visits.missing"}
    assert found["ranking"][0]["score"] > 0.7
    assert found["suspects"] == []


def test_the_ensemble_reports_every_model_and_weighs_candidates_alone(done: Chain) -> None:
    report = done.ensemble.result().json("metrics.json")["targets"]["purchased"]
    assert report["ensemble"]["weights"] == {"linear": 1}
    assert report["ensemble"]["cross_fitted"] is True
    assert set(report["models"]) == {"linear", "constant"}
    assert report["models"]["constant"]["candidate"] is False
    linear = report["models"]["linear"]
    assert [(fold["fold"], fold["rows"]) for fold in linear["folds"]] == [(0, 120), (1, 120)]
    assert linear["mean"]["auc"] == pytest.approx(np.mean([f["auc"] for f in linear["folds"]]))
    assert report["ensemble"]["mean"]["auc"] > report["models"]["constant"]["mean"]["auc"]


def test_the_ensemble_keeps_curves_importances_and_predictions(done: Chain) -> None:
    stored = done.ensemble.result()
    curves = stored.json("metrics.json")["curves"]["purchased"]
    assert set(curves) == {"lift", "gain", "calibration"}
    importances = stored.json("importances.json")
    assert sum(importances["ensemble"].values()) == pytest.approx(1)
    assert stored.table("oof.parquet").num_rows == 2 * ENTITIES


def test_everybody_is_scored_once_in_the_order_of_the_shards(done: Chain) -> None:
    table = done.predictions.result().table()
    assert table.column_names == ["entity_id", "as_of", "purchased", "model_version"]
    assert str(table.schema.field("purchased").type) == "double"
    expected = done.shards[0].features[0].result().table()
    assert table["entity_id"] == expected["entity_id"]
    version = done.ensemble.make_unique_id()[:12]
    assert table["model_version"].unique().to_pylist() == [version]
    scores = table["purchased"].to_numpy()
    assert ((scores > 0) & (scores < 1)).all()
    assert np.corrcoef(scores, expected["visits.count"].to_numpy())[0, 1] > 0.5


def test_another_store_gets_the_same_bytes(done: Chain, tmp_path: Path) -> None:
    again = chain(tmp_path)
    again.run()
    for one, other in zip(done.fits, again.fits, strict=True):
        assert one.make_unique_id() == other.make_unique_id()
        names = one.result().names
        assert [one.result().path(name).read_bytes() for name in names] == [
            other.result().path(name).read_bytes() for name in names
        ]
    for shard in range(2):
        assert (
            done.predictions.result().shard_path(shard).read_bytes()
            == again.predictions.result().shard_path(shard).read_bytes()
        )


def test_folds_do_not_know_of_features_and_models(tmp_path: Path) -> None:
    other = [{**MODELS[0], "params": {"l2": 2.0}}, MODELS[1]]
    before, after = chain(tmp_path), chain(tmp_path, models=other)
    changed = [
        one.make_unique_id() != two.make_unique_id()
        for one, two in zip(before.fits, after.fits, strict=True)
    ]
    assert changed == [True, True, False, False]
    assert before.folds.make_unique_id() == after.folds.make_unique_id()


def test_a_seed_changes_folds_and_fits(tmp_path: Path) -> None:
    before, after = chain(tmp_path), chain(tmp_path, seed=1)
    assert before.folds.make_unique_id() != after.folds.make_unique_id()
    assert before.fits[0].make_unique_id() != after.fits[0].make_unique_id()


def test_a_shard_is_read_once_for_all_models_of_all_folds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = chain(tmp_path)
    for task in (tasks.labels, tasks.fits[0].features, tasks.shards[0].features[0], tasks.folds):
        run_task(task)
    for task in (*tasks.fits, tasks.ensemble):
        run_task(task)
    assert len(tasks.fits) == 4
    read: list[int] = []
    shard = ShardedDataset.shard

    def spy(self: ShardedDataset, number: int, columns: list[str] | None = None) -> pa.Table:
        read.append(number)
        return shard(self, number, columns)

    monkeypatch.setattr(ShardedDataset, "shard", spy)
    run_task(tasks.shards[1])
    assert read == [1]


def test_a_shard_is_not_scored_with_other_fits(done: Chain) -> None:
    place = {"workspace_directory": done.ensemble.workspace_directory}
    shard = ScoreShard(
        features=done.shards[0].features,
        fits=done.fits[:2],
        ensemble=done.ensemble,
        shard=0,
        **place,
    )
    with pytest.raises(EnsembleError, match="Shard 0 was given 2 fits that are not the 4"):
        run_task(shard)


def test_a_shard_is_given_features_of_all_folds_or_of_each(done: Chain) -> None:
    shard = ScoreShard(
        features=done.shards[0].features * 3,
        fits=done.fits,
        ensemble=done.ensemble,
        shard=0,
        workspace_directory=done.ensemble.workspace_directory,
    )
    with pytest.raises(EnsembleError, match="features of 3 folds, and its models were fitted on 2"):
        run_task(shard)


def test_whom_a_fold_is_trained_on_is_listed(done: Chain) -> None:
    task = TrainingEntities(
        folds=done.folds, fold=1, workspace_directory=done.ensemble.workspace_directory
    )
    run_task(task)
    assert task.result().table().to_pydict() == {"entity_id": list(range(ENTITIES))}


def test_a_fit_asks_for_its_threads_and_memory(done: Chain) -> None:
    resources = done.fits[0].required_resources()
    assert resources.cpu == 1
    assert resources.memory_gib >= 1
    assert done.shards[0].required_resources().cpu == 1


def test_a_baseline_that_nobody_fitted_is_refused(done: Chain) -> None:
    ensemble = done.ensemble.clone(baselines=["linaer"])
    with pytest.raises(EnsembleError, match="no fit of the baseline 'linaer'; the models are"):
        ensemble.run()


def test_an_ensemble_of_another_scikit_learn_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = chain(tmp_path).ensemble.make_unique_id()
    assert chain(tmp_path).ensemble.make_unique_id() == here
    monkeypatch.setattr("yule_models.tasks.fit_ensemble.versioned", "{} 99.9".format)
    luigi.Task.clear_instance_cache()
    later = chain(tmp_path).ensemble
    assert later.fingerprint() == {"engine": "scikit-learn 99.9"}
    assert later.make_unique_id() != here


def test_folds_that_are_explained_apart_say_together_what_all_say(done: Chain) -> None:
    place = {"workspace_directory": done.labels.workspace_directory}
    features = done.fits[0].features
    folds = [
        ExplainFold(
            features=features,
            fits=done.fits,
            ensemble=done.ensemble,
            labels=done.labels,
            folds=done.folds,
            fold=fold,
            seed=4,
            **place,
        )
        for fold in range(2)
    ]
    whole = ExplainEnsemble(folds=folds, **place)
    for task in (*folds, whole):
        run_task(task)
    members, blends = explained_members(done.fits, done.ensemble)
    report, typical = explain_ensemble(
        lambda _: features.result().table(),
        done.labels.result().table(),
        done.folds.result(),
        members=members,
        targets=[Target.of(target) for target in TARGETS],
        blends=blends,
        seed=4,
    )
    assert whole.result().json(EXPLANATION_FILE) == report
    assert report["targets"]["purchased"]["ensemble"]["permutation"]
    for fold, row in enumerate(typical):
        assert whole.result().table(typical_file(fold)).to_pandas().equals(row)
    assert {task.required_resources().memory_gib for task in folds} == {
        max(task.required_resources().memory_gib for task in done.fits)
    }
