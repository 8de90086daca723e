"""What is predicted, how models are combined for it, and what contacts cost."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from resolving import edit, problem, resolved
from yule_cli.graph import compose


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
            "ensemble: {targets: {spend: {metric: mae, calibration: isotonic}}}",
            "`ensemble.targets.spend.calibration` cannot be used: Numbers are not calibrated",
        ),
        (
            "ensemble: {targets: {spending: {}}}",
            "`ensemble.targets.spending` is none of the targets; these are ordered, spend.",
        ),
        (
            "ensemble: {method: rank_mean}",
            "`ensemble.method` cannot be used: A mean of ranks suits binary targets alone, and "
            "'spend' is regression; choose greedy, mean or stacking. Others may be given",
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


@pytest.mark.parametrize(
    "section", ["{calibration: none}", "{targets: {ordered: {calibration: none}}}"]
)
def test_prices_need_calibrated_probabilities(case: Path, section: str) -> None:
    edit(case, "population: orders", "population: orders, contact: {ordered: {cost: 1, value: 2}}")
    resolved(case)
    edit(case, "case: shop\n", f"case: shop\nensemble: {section}\n")

    assert "`score.contact.ordered` weighs a cost against probabilities, and the" in problem(case)


def test_prices_of_contacts_change_no_result(case: Path) -> None:
    before = compose(resolved(case))
    edit(case, "population: orders", "population: orders, contact: {ordered: {cost: 1, value: 2}}")
    after = compose(resolved(case))

    assert before.predictions.make_unique_id() == after.predictions.make_unique_id()


def test_an_auxiliary_target_is_learned_by_networks_alone(case: Path) -> None:
    section = "{ordered: binary, spend: {kind: regression, auxiliary: true, weight: 0.5}}"
    targets(case, section, spend=[float(n) for n in range(24)])

    found = resolved(case)
    graph = compose(found)

    assert found.targets[1] == {
        "name": "spend",
        "kind": "regression",
        "weight": 0.5,
        "auxiliary": True,
    }
    assert set(found.ensemble) == {"ordered"}
    learned = {
        name: [target["name"] for target in fit.targets.value]
        for (name, _), fit in graph.fits.items()
    }
    assert learned == {
        "constant": ["ordered"],
        "gbdt": ["ordered"],
        "linear": ["ordered"],
        "neural": ["ordered", "spend"],
    }
    for task in (graph.ensemble, graph.leaks):
        assert [target["name"] for target in task.targets.value] == ["ordered"]


def test_something_must_be_predicted(case: Path) -> None:
    targets(case, "{ordered: {auxiliary: true}}")

    assert "`labels.targets` is not valid: all targets are auxiliary" in problem(case)
