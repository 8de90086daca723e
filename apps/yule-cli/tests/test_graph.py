from pathlib import Path

import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.graph import CaseGraph, build, compose, factory_arguments
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.state import State
from yule_runner import collect


def resolved(path: Path) -> ResolvedCase:
    case, document = load_case(path)
    return resolve(case, document, State.of(case, document))


def ids(graph: CaseGraph) -> set[str]:
    return set(collect(graph.targets).tasks)


def test_the_graph_holds_each_fit_once(case: Path) -> None:
    graph = compose(resolved(case))

    assert sorted(graph.fits) == [("constant", 0), ("gbdt", 0), ("linear", 0), ("neural", 0)]
    # labels, population, 2 features, 2 joined tables and 2 descriptions of them, folds, 4 fits,
    # ensemble, 4 shards, table
    assert len(ids(graph)) == 19


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
