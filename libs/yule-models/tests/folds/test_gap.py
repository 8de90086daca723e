"""Forward validation with a gap: what a model learns from is at least so old when it is judged."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yule_models.folds import FoldError, FoldScheme, assign_folds, resolve_scheme, split_fold

DAY_S = 86400
START = datetime(2024, 1, 1, tzinfo=UTC)
TEN_DAYS = {"kind": "forward", "horizon_s": 10 * DAY_S}


def rows(*days: int, entities: int = 8) -> pa.Table:
    """Each entity at each day; half of the entities purchase."""
    pairs = [(entity, day) for entity in range(entities) for day in days]
    as_of = [START + timedelta(days=day) for _, day in pairs]
    return pa.table(
        {
            "entity_id": [entity for entity, _ in pairs],
            "as_of": pa.array(as_of, pa.timestamp("us", "UTC")),
            "purchased": [entity % 2 for entity, _ in pairs],
        }
    )


def trained_days(table: pa.Table, scheme: dict[str, object]) -> list[list[int]]:
    """The days that each fold learns from."""
    folds = assign_folds(table, scheme, seed=0)
    count = resolve_scheme(scheme, table).folds
    as_of = table["as_of"].to_pylist()
    return [
        sorted({(as_of[row] - START).days for row in split_fold(folds, fold).training})
        for fold in range(count)
    ]


def test_a_gap_leaves_out_rows_whose_labels_were_settled_in_time() -> None:
    table = rows(0, 10, 20, 30)
    assert trained_days(table, TEN_DAYS) == [[0], [0, 10], [0, 10, 20]]
    assert trained_days(table, {**TEN_DAYS, "gap_s": 20 * DAY_S}) == [[0], [0, 10]]
    assert trained_days(table, {**TEN_DAYS, "gap_s": 30 * DAY_S}) == [[0]]


def test_rows_within_the_gap_count_as_purged() -> None:
    table = rows(0, 10, 20)
    folds = assign_folds(table, {**TEN_DAYS, "gap_s": 15 * DAY_S}, seed=0)
    assert split_fold(folds, 0).purged == 8
    assert folds["gap_end"].to_pylist()[0] == START + timedelta(days=15)
    assert folds["label_end"].to_pylist()[0] == START + timedelta(days=10)


def test_a_gap_that_is_the_horizon_is_the_scheme_without_one() -> None:
    table, said = rows(0, 10, 20), {**TEN_DAYS, "gap_s": 10 * DAY_S}
    assert FoldScheme.of(said).to_json() == FoldScheme.of(TEN_DAYS).to_json()
    assert assign_folds(table, said, seed=0) == assign_folds(table, TEN_DAYS, seed=0)


def test_a_gap_survives_resolving_and_json() -> None:
    scheme = resolve_scheme(
        {"kind": "auto", "horizon_s": 0, "gap_s": 15 * DAY_S}, rows(0, 10, 20, 30)
    )
    assert scheme == FoldScheme(kind="forward", folds=2, horizon_s=0, gap_s=15 * DAY_S)
    assert FoldScheme.of(scheme.to_json()) == scheme


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        (
            {**TEN_DAYS, "gap_s": 9 * DAY_S},
            "The gap is 9 days, and labels look 10 days ahead: .* Make the gap at least 10 days",
        ),
        (
            {"kind": "grouped", "gap_s": DAY_S},
            "A grouped scheme pays no regard to time",
        ),
        (
            {**TEN_DAYS, "gap_s": 40 * DAY_S},
            r"before the last of 4 as_of values \(2024-01-31\), only 0 rows are at least 40 days "
            "old, .* shorten the horizon or the gap",
        ),
    ],
)
def test_impossible_gaps_are_refused(scheme: dict[str, object], message: str) -> None:
    with pytest.raises(FoldError, match=message):
        assign_folds(rows(0, 10, 20, 30), scheme, seed=0)


@given(
    days=st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True),
    horizon=st.integers(0, 4),
    more=st.integers(0, 6),
)
def test_whatever_the_times_training_keeps_its_distance(
    days: list[int], horizon: int, more: int
) -> None:
    table, gap_s = rows(*sorted(days)), (horizon + more) * DAY_S
    scheme = {"kind": "forward", "horizon_s": horizon * DAY_S, "gap_s": gap_s}
    try:
        folds = assign_folds(table, scheme, seed=0)
    except FoldError:
        return
    as_of = table["as_of"].to_numpy()
    for fold in range(int(folds["fold"].to_numpy().max()) + 1):
        split = split_fold(folds, fold)
        distance = as_of[split.validation].min() - as_of[split.training].max()
        assert distance >= np.timedelta64(max(gap_s, 1), "s")
