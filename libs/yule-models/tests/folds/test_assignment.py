from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yule_models.folds import FoldError, FoldScheme, assign_folds, resolve_scheme, split_fold

DAY_S = 86400
START = datetime(2024, 1, 1, tzinfo=UTC)


def labels(*rows: tuple[int, int, int]) -> pa.Table:
    """Rows of (entity, day, purchased)."""
    return pa.table(
        {
            "entity_id": pa.array([entity for entity, _, _ in rows], pa.int64()),
            "as_of": pa.array(
                [START + timedelta(days=day) for _, day, _ in rows], pa.timestamp("us", "UTC")
            ),
            "purchased": pa.array([label for _, _, label in rows], pa.int64()),
        }
    )


def monthly(*days: int, entities: int = 8) -> pa.Table:
    return labels(*((entity, day, entity % 2) for entity in range(entities) for day in days))


def one_time(entities: int = 20) -> pa.Table:
    return labels(*((entity, 0, int(entity % 4 == 0)) for entity in range(entities)))


tables = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 12), st.integers(0, 1)),
    min_size=1,
    max_size=50,
    unique_by=lambda row: row[:2],
).map(lambda rows: labels(*sorted(rows)))
schemes = st.builds(
    FoldScheme,
    kind=st.sampled_from(["auto", "stratified", "grouped", "forward"]),
    folds=st.integers(2, 4),
    horizon_s=st.integers(0, 4).map(lambda days: days * DAY_S),
)


def assigned_or_refused(table: pa.Table, scheme: FoldScheme, seed: int) -> pa.Table | None:
    try:
        return assign_folds(table, scheme, seed=seed)
    except FoldError:
        return None


def test_stratified_folds_hold_the_same_share_of_each_class() -> None:
    table = one_time(20)
    fold = assign_folds(table, {"kind": "stratified", "folds": 5}, seed=0)["fold"].to_numpy()
    positive = table["purchased"].to_numpy() == 1
    assert np.bincount(fold).tolist() == [4, 4, 4, 4, 4]
    assert np.bincount(fold[positive]).tolist() == [1, 1, 1, 1, 1]


def test_another_seed_deals_otherwise() -> None:
    first, second = (assign_folds(one_time(), {"kind": "stratified"}, seed=seed) for seed in (0, 1))
    assert first != second


def test_forward_validates_each_month_by_models_of_settled_rows() -> None:
    # The dates of the online-retail example: 10 March, April, May, June and August, 60 days.
    table = monthly(0, 31, 61, 92, 153)
    folds = assign_folds(table, {"kind": "auto", "horizon_s": 60 * DAY_S}, seed=0)
    by_day = dict(zip(table["as_of"].to_pylist(), folds["fold"].to_pylist(), strict=True))
    assert list(by_day.values()) == [-1, -1, 0, 1, 2]
    splits = [split_fold(folds, fold) for fold in range(3)]
    trained = [
        sorted({(table["as_of"][row].as_py() - START).days for row in split.training})
        for split in splits
    ]
    assert trained == [[0], [0, 31], [0, 31, 61, 92]]
    assert [split.purged for split in splits] == [8, 8, 0]


def test_forward_cuts_many_periods_into_blocks() -> None:
    folds = assign_folds(
        monthly(*range(12)), {"kind": "forward", "folds": 3, "horizon_s": 0}, seed=0
    )
    assert folds["fold"].to_pylist()[:12] == [-1, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_auto_is_stratified_where_there_is_one_time() -> None:
    assert resolve_scheme({}, one_time()) == FoldScheme(kind="stratified", folds=5)


def test_auto_counts_the_periods_that_can_be_validated() -> None:
    resolved = resolve_scheme({"folds": 5, "horizon_s": 0}, monthly(0, 30, 60))
    assert resolved == FoldScheme(kind="forward", folds=2, horizon_s=0)


def test_when_the_data_end_changes_no_fold() -> None:
    table = one_time()
    known = table.append_column("data_until", table["as_of"])
    assert assign_folds(known, {}, seed=0) == assign_folds(table, {}, seed=0)


def test_a_number_of_many_values_is_dealt_by_its_tenths() -> None:
    spend = pa.array(np.arange(100, dtype=float))
    table = one_time(100).drop_columns(["purchased"]).append_column("spend", spend)
    fold = assign_folds(table, {"folds": 5}, seed=0)["fold"].to_numpy()
    for start in range(0, 100, 10):
        assert np.bincount(fold[start : start + 10]).tolist() == [2, 2, 2, 2, 2]


def test_of_several_targets_the_rarest_class_is_dealt_evenly() -> None:
    table = one_time(100)
    rare = pa.array([int(number % 20 == 7) for number in range(100)])
    spend = pa.array(np.random.default_rng(0).random(100))
    table = table.append_column("spend", spend).append_column("rare", rare)
    fold = assign_folds(table, {"kind": "stratified", "folds": 5}, seed=0)["fold"].to_numpy()
    assert np.bincount(fold[rare.to_numpy() == 1]).tolist() == [1, 1, 1, 1, 1]
    assert np.bincount(fold).tolist() == [20] * 5


def test_string_entities_are_dealt() -> None:
    table = one_time()
    names = pa.array([f"user-{number}" for number in range(20)])
    table = table.set_column(0, "entity_id", names)
    assert assign_folds(table, {}, seed=0)["entity_id"].to_pylist() == names.to_pylist()


@pytest.mark.parametrize(
    ("scheme", "table", "message"),
    [
        ({"kind": "random"}, one_time(), "no fold scheme 'random'; choose one of auto, stratified"),
        ({"kinds": "auto"}, one_time(), "has no 'kinds'; it has kind, folds, horizon_s"),
        (
            {"kind": "stratified", "folds": 2},
            monthly(0, 31),
            r"on entities that it was trained on: of 16 rows 8 are .* Choose grouped, or forward",
        ),
        ({"kind": "grouped", "folds": 1}, one_time(), "needs 2 or more folds, got 1"),
        ({"kind": "forward"}, monthly(0, 1), "needs the horizon of the labels"),
        (
            {"kind": "forward", "horizon_s": 90 * DAY_S},
            monthly(0, 31, 61),
            r"before the last of 3 as_of values \(2024-03-02\), only 0 rows .* 90 days",
        ),
        (
            {"kind": "stratified", "folds": 5},
            one_time(4),
            "The rarest class of 'purchased' has 1 rows of 1 entities. Use fewer folds",
        ),
        (
            {"kind": "stratified", "folds": 5},
            one_time(12),
            r"Fold \d of 5 would be validated on rows of a single class of 'purchased': all its "
            "[23] rows say the same. The rarest class of 'purchased' has 3 rows of 3 entities.",
        ),
        (
            {"kind": "forward", "horizon_s": 0},
            pa.concat_tables([monthly(0, 31), labels(*((entity, 61, 0) for entity in range(8)))]),
            "Fold 1 of 2 would be validated .*: all its 8 rows as of 2024-03-02 say the same",
        ),
        ({}, one_time().select(["entity_id", "as_of"]), "at least one target, got 20 rows of"),
        ({}, one_time().slice(0, 0), "got 0 rows"),
    ],
)
def test_impossible_folds_are_refused(
    scheme: dict[str, object], table: pa.Table, message: str
) -> None:
    with pytest.raises(FoldError, match=message):
        assign_folds(table, scheme, seed=0)


@given(table=tables, scheme=schemes, seed=st.integers(0, 3))
def test_resolving_twice_changes_nothing(table: pa.Table, scheme: FoldScheme, seed: int) -> None:
    folds = assigned_or_refused(table, scheme, seed)
    if folds is not None:
        resolved = resolve_scheme(scheme, table)
        assert resolve_scheme(resolved.to_json(), table) == resolved
        assert assign_folds(table, resolved, seed=seed) == folds
        assert set(folds["fold"].to_pylist()) - {-1} == set(range(resolved.folds))


@settings(max_examples=200)
@given(table=tables, scheme=schemes, seed=st.integers(0, 3))
def test_training_and_validation_keep_apart(table: pa.Table, scheme: FoldScheme, seed: int) -> None:
    folds = assigned_or_refused(table, scheme, seed)
    if folds is None:
        return
    resolved = resolve_scheme(scheme, table)
    validated: list[int] = []
    entities, as_of = table["entity_id"].to_numpy(), table["as_of"].to_numpy()
    for number in range(resolved.folds):
        split = split_fold(folds, number)
        validated.extend(split.validation.tolist())
        assert not set(split.training) & set(split.validation)
        assert len(np.unique(table["purchased"].to_numpy()[split.training])) == 2
        if resolved.kind != "forward":
            assert not set(entities[split.training]) & set(entities[split.validation])
        if resolved.kind == "forward":
            start = as_of[split.validation].min()
            horizon = np.timedelta64(resolved.horizon_s or 0, "s")
            assert (as_of[split.training] < start).all()
            assert (as_of[split.training] + horizon).max() <= start
    assert len(validated) == len(set(validated))


@given(table=tables, scheme=schemes, seed=st.integers(0, 3), shuffle=st.randoms())
def test_the_order_of_rows_changes_nothing(
    table: pa.Table, scheme: FoldScheme, seed: int, shuffle: Random
) -> None:
    order = list(range(table.num_rows))
    shuffle.shuffle(order)
    folds = assigned_or_refused(table, scheme, seed)
    shuffled = assigned_or_refused(table.take(order), scheme, seed)
    assert shuffled == (None if folds is None else folds.take(order))
