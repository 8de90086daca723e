import json
from pathlib import Path

import pytest
from resolving import edit, problem, resolved
from yule_cli.errors import CaseError
from yule_cli.resolution import ResolvedCase


def test_the_shortest_case_gets_every_default(case: Path) -> None:
    found = resolved(case)

    (orders,) = found.features
    assert (orders["name"], orders["method"]) == ("orders", "event_windows")
    assert orders["windows"][:3] == ["5d", "10d", "30d"]  # by a horizon of 10 days
    assert found.spans["orders"] > 0
    assert [(m["name"], m["candidate"]) for m in found.models] == [
        ("constant", False),
        ("gbdt", True),
        ("linear", False),
        ("neural", True),
    ]
    assert all("rounds" in m["params"] for m in found.models if m["kind"] == "gbdt")
    assert found.validation == {"kind": "forward", "folds": 1, "horizon_s": 864_000}
    assert found.score["as_of"] == "1970-02-25T00:00:00+00:00"
    assert set(found.source["snapshot"]) == {"orders", "labels"}


def test_auto_is_the_default(case: Path) -> None:
    default = resolved(case)
    edit(case, "case: shop\n", "case: shop\nfeatures: auto\n")

    assert resolved(case) == default


def test_nothing_is_looked_at_where_the_features_are_listed(case: Path) -> None:
    entry = {"name": "f", "method": "event_windows", "table": "orders"}
    edit(case, "case: shop\n", f"case: shop\nfeatures: [{json.dumps(entry)}]\n")

    found = resolved(case)

    assert (found.features, found.spans) == ([entry], {})


def test_survives_its_own_file(case: Path, tmp_path: Path) -> None:
    found = resolved(case)
    path = tmp_path / "resolved.json"

    found.write(path)

    assert ResolvedCase.read(path) == found


def test_a_file_of_another_schema_is_refused(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "resolved.json"
    path.write_text(json.dumps(resolved(case).as_dict() | {"schema": 99}))

    with pytest.raises(CaseError, match="has the schema 99; this version reads 4"):
        ResolvedCase.read(path)


def test_the_digest_depends_on_meaning_and_not_on_place(case: Path) -> None:
    first = resolved(case).digest

    edit(case, "case: shop\n", "# a comment\ncase: shop\nstore: elsewhere\n")
    assert resolved(case).digest == first
    edit(case, "horizon: 10d", "horizon: 11d")
    assert resolved(case).digest != first


def test_resolving_again_reads_the_same_data_from_the_store(case: Path) -> None:
    assert resolved(case) == resolved(case)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("warehouse: duckdb:data", "warehouse: duckdb:nowhere", "case.yaml:2: `warehouse`"),
        ("catalog: catalog.yaml", "catalog: other.yaml", "case.yaml:3: `catalog`"),
        (
            "entity: customer\n  as_of: as_of",
            "entity: who\n  as_of: asof",
            "case.yaml:6: `labels.entity` cannot be used: The labels' table 'labels' has no column "
            "'who' for entity_id; it has as_of, customer, ordered.\ncase.yaml:7: `labels.as_of` ",
        ),
        ("  table: labels", "  table: label", "case.yaml:5: `labels.table` cannot be used: "),
        (
            "horizon: 10d",
            "horizon: 30d",
            "case.yaml:8: `labels.horizon` cannot be used: The labels of 12 of 24 rows look ",
        ),
        (
            "horizon: 10d",
            "horizon: 10d\n  known_until: soon",
            "case.yaml:9: `labels.known_until` cannot be used: 'soon' is not a date or time",
        ),
        ("population: orders", "population: customers", "which the catalogue lacks; it has orders"),
        (
            "population: orders",
            "population: orders, as_of: tomorrow",
            "`score.as_of` cannot be used: 'tomorrow' is not a date or time",
        ),
        (
            "case: shop",
            "case: shop\nmodels: [{name: a, kind: gbtd}]",
            "case.yaml:2: `models[0].kind` cannot be used: There is no kind of model 'gbtd'; did "
            "you mean 'gbdt'?",
        ),
        (
            "case: shop",
            "case: shop\nmodels:\n- name: a\n  kind: gbdt\n  params:\n    rounds: 0",
            "case.yaml:6: `models[0].params.rounds` cannot be used: ",
        ),
        (
            "case: shop",
            "case: shop\nmodels:\n- name: a\n  kind: gbdt\n"
            "  params: {linear_tree: true, monotone: {age: 1}}",
            "case.yaml:5: `models[0].params` cannot be used: The parameters 'monotone' and "
            "'linear_tree' exclude each other: ",
        ),
        (
            "case: shop",
            "case: shop\nmodels: [{name: a, kind: gbdt}, {name: a, kind: gbdt}]",
            "`models[1].name` is 'a' a second time",
        ),
        (
            "case: shop",
            "case: shop\nmodels:\n- kind: gbdt\n  name: ensemble",
            "case.yaml:4: `models[0].name` is 'ensemble', which is what all models together are "
            "called; rename it.",
        ),
        (
            "case: shop",
            "case: shop\nmodels: [{name: a, kind: gbdt, candidate: false}]",
            "`models` has no candidate",
        ),
        (
            "case: shop",
            "case: shop\nfeatures:\n- name: f\n  method: event_windows\n  table: order\n"
            "  windows: [30d]",
            "case.yaml:5: `features[0].table` cannot be used: ",
        ),
        ("case: shop", "case: shop\nfeatures: []", "`features` names no feature"),
        (
            "case: shop",
            "case: shop\nfeatures: [{name: f, method: event_sequences, table: orders}]",
            "`features` names sequences alone, which most models do not read",
        ),
        ("case: shop", "case: shop\nbaselines: [mean]", "`baselines[0]` cannot be used: "),
        (
            "case: shop",
            "case: shop\nvalidation: {scheme: stratified, folds: 40}",
            "`validation` cannot be used: ",
        ),
        (
            "case: shop",
            "case: shop\nvalidation:\n  folds: 3\n  gap: 9d",
            "case.yaml:4: `validation.gap` cannot be used: The gap is 9 days, and labels look 10 "
            "days ahead",
        ),
        (
            "case: shop",
            "case: shop\nvalidation: {scheme: forward, repeats: 2}",
            "case.yaml:2: `validation.repeats` cannot be used: A forward scheme cannot be repeated",
        ),
    ],
)
def test_says_what_is_wrong_and_where(case: Path, old: str, new: str, message: str) -> None:
    edit(case, old, new)

    assert message in problem(case)


def test_a_gap_is_resolved_and_changes_the_folds(case: Path) -> None:
    before = resolved(case)
    edit(case, "case: shop\n", "case: shop\nvalidation: {gap: 2w}\n")
    after = resolved(case)

    assert after.validation == {**before.validation, "gap_s": 14 * 86_400}
    assert after.digest != before.digest


def test_outcomes_that_are_known_from_elsewhere_may_lie_behind_the_data(case: Path) -> None:
    before = resolved(case).labels
    edit(case, "horizon: 10d", "horizon: 20d\n  known_until: 1970-04-01")

    assert resolved(case).labels == {**before, "horizon": "20d"}


def test_every_problem_is_told(case: Path) -> None:
    edit(
        case,
        "score: {population: orders}",
        "score: {population: order}\n"
        "features:\n"
        "- {name: f, method: event_windows, table: order}\n"
        "- {name: g, method: event_windows, table: orders, windows: [x], agregates: [sum]}\n"
        "models:\n"
        "- {name: a, kind: gbdt, params: {leaves: 3, rounds: 0}}\n"
        "- {name: b, kind: gbtd}\n",
    )

    assert [line.partition(" cannot")[0] for line in problem(case).splitlines()] == [
        "case.yaml:12: `features[0].table`",
        "case.yaml:13: `features[1].windows[0]`",
        "case.yaml:13: `features[1].agregates`",
        "case.yaml:15: `models[0].params.leaves`",
        "case.yaml:15: `models[0].params.rounds`",
        "case.yaml:16: `models[1].kind`",
        "case.yaml:10: `score.population` is 'order', which the catalogue lacks; it has orders.",
    ]
