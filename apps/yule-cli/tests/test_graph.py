from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resolving import resolved
from yule_cli.errors import CaseError
from yule_cli.graph import CaseGraph, build, compose, factory_arguments, stored_arguments
from yule_runner import collect
from yule_runner.planning import plan


def learning(case: Path, scheme: str) -> Path:
    """The case with a feature that learns, validated by a scheme."""
    catalog = case.with_name("catalog.yaml")
    catalog.write_text(f"{catalog.read_text()}    categories: {{price: amount}}\n")
    features = [
        "{name: orders, method: event_windows, table: orders}",
        "{name: top, method: top_categories, table: orders}",
    ]
    folds = "" if scheme == "forward" else ", folds: 2"
    text = f"features: [{', '.join(features)}]\nvalidation: {{scheme: {scheme}{folds}}}\n"
    case.write_text(case.read_text() + text)
    if scheme == "stratified":  # which takes one row of each entity
        place = case.parent / "data/labels.parquet"
        labels = pq.read_table(place)
        kept = [row % 12 // 6 == row // 12 for row in range(labels.num_rows)]
        pq.write_table(labels.filter(pa.array(kept)), place)
    return case


def ids(graph: CaseGraph) -> set[str]:
    return set(collect(graph.targets).tasks)


def test_the_graph_holds_each_fit_once(case: Path) -> None:
    graph = compose(resolved(case))

    assert sorted(graph.fits) == [("constant", 0), ("gbdt", 0), ("linear", 0), ("neural", 0)]
    # labels, population, 2 features, 2 joined tables and 2 descriptions of them, folds, 4 fits,
    # drift, leaks, ensemble, its explanation by fold and of all, 4 shards, table
    assert len(ids(graph)) == 23


def test_a_process_builds_the_same_graph_from_the_file(case: Path, tmp_path: Path) -> None:
    found = resolved(case)
    path = tmp_path / "resolved.json"
    found.write(path)

    targets = build(factory_arguments(path))

    assert [t.make_unique_id() for t in targets] == [
        t.make_unique_id() for t in compose(found).targets
    ]


def test_a_changed_file_is_refused(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "resolved.json"
    resolved(case).write(path)
    arguments = factory_arguments(path)
    path.write_text(path.read_text() + " ")

    with pytest.raises(CaseError, match="was changed after the run began; start the run again"):
        build(arguments)


@pytest.mark.parametrize("is_stored", [False, True])
def test_a_file_that_is_gone_is_refused(case: Path, tmp_path: Path, is_stored: bool) -> None:
    path = tmp_path / "resolved.json"
    resolved(case).write(path)
    if is_stored:
        arguments = stored_arguments(path, str(tmp_path / "store"))
        (tmp_path / "store" / arguments["resolved"]).unlink()
    else:
        arguments = factory_arguments(path)
        path.unlink()

    with pytest.raises(CaseError, match=r"json is no longer there; start the run again"):
        build(arguments)


def test_where_things_lie_is_not_part_of_any_identity(case: Path, tmp_path: Path) -> None:
    here = ids(compose(resolved(case)))
    elsewhere = tmp_path / "copy"
    elsewhere.mkdir()
    for name in ("case.yaml", "catalog.yaml"):
        (elsewhere / name).write_bytes((case.parent / name).read_bytes())
    (elsewhere / "data").symlink_to(case.parent / "data")

    assert ids(compose(resolved(elsewhere / "case.yaml"))) == here


def test_another_seed_changes_fits_but_no_feature(case: Path) -> None:
    before = compose(resolved(case))
    case.write_text(case.read_text() + "seed: 1\n")
    after = compose(resolved(case))

    assert [t.make_unique_id() for t in after.features] == [
        t.make_unique_id() for t in before.features
    ]
    assert all(after.fits[key] != before.fits[key] for key in before.fits)


def test_a_model_that_becomes_a_baseline_is_weighed_anew_and_not_trained_anew(case: Path) -> None:
    models = "models: [{{name: a, kind: gbdt}}, {{name: b, kind: linear, candidate: {}}}]\n"
    text = case.read_text()
    case.write_text(text + models.format("true"))
    before = compose(resolved(case))
    case.write_text(text + models.format("false"))
    after = compose(resolved(case))

    assert before.fits == after.fits
    assert before.ensemble != after.ensemble


def test_stratified_folds_share_what_they_learn(case: Path) -> None:
    found = resolved(learning(case, "stratified"))
    graph = compose(found)

    assert found.fit_until == ["1970-02-10T00:00:00+00:00"] * 2
    assert named(graph) == {"EventWindows": 2, "FitTopCategories": 1, "TopCategories": 2} | {
        "FeatureTable": 2
    }
    assert len(graph.predictions.shards[0].features) == 1


def test_grouped_folds_learn_from_whom_they_train_on(case: Path) -> None:
    graph = compose(resolved(learning(case, "grouped")))

    assert named(graph) == {"EventWindows": 2, "TrainingEntities": 2, "FitTopCategories": 2} | {
        "TopCategories": 4,
        "FeatureTable": 4,
    }
    by_fold = graph.predictions.shards[0].features
    assert len(by_fold) == 2
    for (_, fold), fit in graph.fits.items():
        of_training, of_everybody = (
            next(part.fit for part in table.parts if part.name == "top")
            for table in (fit.features, by_fold[fold])
        )
        assert of_training == of_everybody
        assert of_training.among[0].fold == fold


def test_forward_folds_learn_until_their_validation(case: Path) -> None:
    found = resolved(learning(case, "forward"))

    assert found.fit_until == ["1970-02-10T00:00:00+00:00"]
    assert named(compose(found))["FitTopCategories"] == 1


def test_features_that_do_not_learn_are_shared_by_all_folds(case: Path) -> None:
    case.write_text(case.read_text() + "validation: {scheme: grouped, folds: 3}\n")

    assert named(compose(resolved(case))) == {"EventWindows": 2, "FeatureTable": 2}


def named(graph: CaseGraph) -> dict[str, int]:
    """How many tasks of each class features, and what they learn, need."""
    names = Counter(type(task).__name__ for task in collect(graph.targets).tasks.values())
    of_features = {"EventWindows", "FitTopCategories", "TopCategories", "FeatureTable"}
    return {n: names[n] for n in (*of_features, "TrainingEntities") if names[n]}


def test_only_models_that_read_sequences_are_given_them(case: Path) -> None:
    features = [
        "{name: orders, method: event_windows, table: orders}",
        "{name: last, method: event_sequences, table: orders, length: 3}",
    ]
    models = "models: [{name: gru, kind: sequence}, {name: trees, kind: gbdt}]"
    case.write_text(f"{case.read_text()}features: [{', '.join(features)}]\n{models}\n")

    graph = compose(resolved(case))

    given = {name: type(fit.features).__name__ for (name, _), fit in graph.fits.items()}
    assert given == {
        "constant": "FeatureTable",
        "gru": "SequencedTable",
        "linear": "FeatureTable",
        "trees": "FeatureTable",
    }
    shard = graph.predictions.shards[0]
    assert [type(task).__name__ for task in shard.features] == ["SequencedTable"]


def test_a_model_of_sequences_needs_some(case: Path) -> None:
    features = "features: [{name: orders, method: event_windows, table: orders}]"
    case.write_text(f"{case.read_text()}{features}\nmodels: [{{name: gru, kind: sequence}}]\n")

    with pytest.raises(CaseError, match=r"`models\[0\].kind` reads sequences of events, and no f"):
        resolved(case)


def test_auto_makes_sequences_for_a_model_that_reads_them_and_for_no_other(case: Path) -> None:
    text = case.read_text()
    assert not compose(resolved(case)).sequences

    case.write_text(f"{text}models: [{{name: gru, kind: sequence}}, {{name: trees, kind: gbdt}}]\n")
    found = resolved(case)
    graph = compose(found)

    assert found.features[-1] == {
        "name": "orders_in_order",
        "method": "event_sequences",
        "table": "orders",
    }
    assert [task.name for task in graph.sequences] == ["orders_in_order"] * 2
    given = {name: type(fit.features).__name__ for (name, _), fit in graph.fits.items()}
    assert (given["gru"], given["trees"]) == ("SequencedTable", "FeatureTable")


def test_a_single_repeat_leaves_every_task_as_it_was(case: Path) -> None:
    case = learning(case, "stratified")
    found = resolved(case)
    before = ids(compose(found))
    case.write_text(case.read_text().replace("folds: 2}", "folds: 2, repeats: 1}"))

    assert resolved(case).digest == found.digest
    assert ids(compose(resolved(case))) == before
    assert found.validation == {"kind": "stratified", "folds": 2, "horizon_s": 864000}


@pytest.mark.parametrize("scheme", ["stratified", "grouped"])
def test_a_repeat_adds_fits_and_leaves_those_of_the_first_alone(case: Path, scheme: str) -> None:
    case = learning(case, scheme)
    once = compose(resolved(case))
    case.write_text(case.read_text().replace("folds: 2}", "folds: 2, repeats: 3}"))
    found = resolved(case)
    thrice = compose(found)

    assert "on 2 " + scheme + " folds, dealt 3 times" in found.headline()
    assert {fold for _, fold in thrice.fits} == set(range(6))
    assert len(found.fit_until) == 6
    assert all(thrice.fits[key] == task for key, task in once.fits.items())
    assert thrice.ensemble != once.ensemble
    # A grouped fold's features learn from its own training entities, of a repeat as well.
    tables = {task.features for task in thrice.fits.values()}
    assert len(tables) == (6 if scheme == "grouped" else 1)


def test_the_fits_of_all_repeats_are_one_group_of_siblings(case: Path) -> None:
    """So that a cluster gives each fold of each repeat a pod of one indexed Job."""
    case = learning(case, "grouped")
    case.write_text(case.read_text().replace("folds: 2}", "folds: 2, repeats: 2}"))
    case.write_text(case.read_text() + "models: [{name: line, kind: linear}]\nbaselines: []\n")
    groups = plan(collect(compose(resolved(case)).targets), lambda _: False).groups

    (fits,) = (group for group in groups if group.name.endswith("TrainFold"))
    assert len(fits.task_ids) == 4
