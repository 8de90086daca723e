from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from yule_models.folds import assign_folds, fit_times
from yule_models.tasks.training_entities import training_entities

DAY = timedelta(days=1)
START = datetime(2024, 1, 1, tzinfo=UTC)


def assigned(kind: str, *, last: int = 4) -> pa.Table:
    """Eight entities, each labelled on some days, or where a scheme takes one row, on one."""
    days = {entity: [entity % 4] if kind == "stratified" else range(last) for entity in range(8)}
    rows = [(entity, START + day * DAY) for entity, own in days.items() for day in own]
    labels = pa.table(
        {
            "entity_id": [entity for entity, _ in rows],
            "as_of": pa.array([at for _, at in rows], pa.timestamp("us", "UTC")),
            "bought": [entity // 4 for entity, _ in rows],
        }
    )
    return assign_folds(labels, {"kind": kind, "folds": 2, "horizon_s": 86_400}, seed=0)


def test_a_forward_fold_learns_until_its_first_validation() -> None:
    folds = assigned("forward")
    assert fit_times(folds) == [START + 2 * DAY, START + 3 * DAY]
    for fold, until in enumerate(fit_times(folds)):
        validated = folds.filter(pa.array([f == fold for f in folds["fold"].to_pylist()]))
        assert min(validated["as_of"].to_pylist()) == until


def test_of_several_days_that_a_fold_validates_the_first_one_counts() -> None:
    folds = assigned("forward", last=9)
    until = fit_times(folds)
    for fold, time in enumerate(until):
        validated = folds.filter(pa.array([f == fold for f in folds["fold"].to_pylist()]))
        days = sorted(set(validated["as_of"].to_pylist()))
        assert len(days) > 1
        assert time == days[0]


@pytest.mark.parametrize("kind", ["stratified", "grouped"])
def test_folds_without_a_direction_learn_until_the_last_row(kind: str) -> None:
    assert fit_times(assigned(kind)) == [START + 3 * DAY] * 2


def test_a_grouped_fold_is_trained_on_whom_it_does_not_validate() -> None:
    folds = assigned("grouped")
    parts = [training_entities(folds, fold)["entity_id"].to_pylist() for fold in range(2)]
    assert [len(part) for part in parts] == [4, 4]
    assert sorted(parts[0] + parts[1]) == list(range(8))
    assert parts[0] == sorted(parts[0])
