import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from yule_cli.config import load_case
from yule_cli.errors import CaseError
from yule_cli.graph import compose
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.state import State


def resolved(path: Path) -> ResolvedCase:
    case, document = load_case(path)
    return resolve(case, document, State.of(case, document))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def problem(path: Path) -> str:
    with pytest.raises(CaseError) as caught:
        resolved(path)
    return str(caught.value)


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


def targets(path: Path, section: str, **columns: list[object]) -> None:
    """Give the case other targets, and its labels these columns, 24 rows each."""
    edit(path, "targets: {ordered: binary}", f"targets: {section}")
    file = path.parent / "data" / "labels.parquet"
    rows = pq.read_table(file)
    for name, values in columns.items():
        rows = rows.append_column(name, pa.array(values))
    pq.write_table(rows, file)


def test_classes_are_found_in_the_labels_and_sorted(case: Path) -> None:
    targets(case, "{plan: multiclass, ordered: binary}", plan=["pro", None, "basic", "plus"] * 6)

    found = resolved(case)

    assert found.targets == [
        {"name": "plan", "kind": "multiclass", "classes": ["basic", "plus", "pro"]},
        {"name": "ordered", "kind": "binary"},
    ]
    assert found.ensemble["plan"] == {
        "method": "greedy",
        "metric": None,
        "rounds": 25,
        "calibration": "auto",
        "interval": 0.9,
    }


def test_the_order_of_classes_may_be_given(case: Path) -> None:
    section = "{plan: {kind: multiclass, classes: [plus, pro, basic]}}"
    targets(case, section, plan=["pro", "plus", "basic", "plus"] * 6)

    assert resolved(case).targets[0]["classes"] == ["plus", "pro", "basic"]


def test_each_target_may_have_an_ensemble_of_its_own(case: Path) -> None:
    targets(case, "{ordered: binary, spend: regression}", spend=[float(n) for n in range(24)])
    own = "{targets: {spend: {metric: mae}}, metric: auc, calibration: isotonic}"
    edit(case, "case: shop\n", f"case: shop\nensemble: {own}\n")

    found = resolved(case).ensemble

    assert (found["ordered"]["metric"], found["ordered"]["calibration"]) == ("auc", "isotonic")
    assert (found["spend"]["metric"], found["spend"]["calibration"]) == ("mae", "none")


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ("[pro, basic]", "`labels.targets.plan.classes` lacks 'plus', which rows are labelled"),
        ("[pro, basic, plus, max]", "names 'max', which no row is labelled with; the labels are"),
    ],
)
def test_classes_that_the_labels_do_not_have_are_refused(
    case: Path, classes: str, message: str
) -> None:
    section = f"{{plan: {{kind: multiclass, classes: {classes}}}}}"
    targets(case, section, plan=["pro", "plus", "basic", "plus"] * 6)

    assert message in problem(case)


def test_an_id_is_no_class(case: Path) -> None:
    targets(case, "{plan: multiclass}", plan=list(range(24)))
    file = case.parent / "data" / "labels.parquet"
    rows = pq.read_table(file)
    day = pa.array([20 * 86_400_000_000] * 200).cast(pa.timestamp("us"))
    many = {"customer": range(100, 300), "as_of": day, "ordered": [0] * 200, "plan": range(200)}
    pq.write_table(pa.concat_tables([rows, pa.table(many, schema=rows.schema)]), file)

    assert "`labels.targets.plan` has 200 classes, and at most 100 can be told apart" in (
        problem(case)
    )


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            "ensemble: {metric: auc}",
            "`ensemble.metric` cannot be used: The regression target 'spend' has no metric 'auc'; "
            "it has rmse, mae, r2, spearman. Others may be given for each target, in "
            "`ensemble.targets`.",
        ),
        (
            "ensemble: {targets: {spend: {calibration: isotonic}}}",
            "`ensemble.targets.spend.calibration` cannot be used: Numbers are not calibrated",
        ),
        (
            "ensemble: {targets: {spending: {}}}",
            "`ensemble.targets.spending` is none of the targets; these are ordered, spend.",
        ),
        (
            "ensemble: {targets: {ordered: {method: rank_mean, calibration: none}}}",
            "A mean of ranks is no probability",
        ),
    ],
)
def test_an_ensemble_must_suit_each_target(case: Path, section: str, message: str) -> None:
    targets(case, "{ordered: binary, spend: regression}", spend=[float(n) for n in range(24)])
    edit(case, "case: shop\n", f"case: shop\n{section}\n")

    assert message in problem(case)


def test_contacts_have_one_value(case: Path) -> None:
    targets(case, "{plan: multiclass}", plan=["pro", "plus", "basic", "plus"] * 6)
    prices = "{plan: {cost: 1, value: 2}, ordered: {cost: 1, value: 2}}"
    edit(case, "population: orders", f"population: orders, contact: {prices}")

    found = problem(case)

    assert "`score.contact.plan` has classes, which have no one value" in found
    assert "`score.contact.ordered` is none of the targets; these are plan." in found


def test_prices_of_contacts_change_no_result(case: Path) -> None:
    before = compose(resolved(case))
    edit(case, "population: orders", "population: orders, contact: {ordered: {cost: 1, value: 2}}")
    after = compose(resolved(case))

    assert before.predictions.make_unique_id() == after.predictions.make_unique_id()


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

    with pytest.raises(CaseError, match="has the schema 99; this version reads 3"):
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
            "case: shop\nmodels: [{name: a, kind: gbdt}, {name: a, kind: gbdt}]",
            "`models[1].name` is 'a' a second time",
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
            "`features` names sequences alone, which the models do not read",
        ),
        ("case: shop", "case: shop\nbaselines: [mean]", "`baselines[0]` cannot be used: "),
        (
            "case: shop",
            "case: shop\nvalidation: {scheme: stratified, folds: 40}",
            "`validation` cannot be used: ",
        ),
    ],
)
def test_says_what_is_wrong_and_where(case: Path, old: str, new: str, message: str) -> None:
    edit(case, old, new)

    assert message in problem(case)


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
