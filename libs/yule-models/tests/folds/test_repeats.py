"""Rows that are divided into folds several times."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yule_models.folds import (
    FoldError,
    FoldScheme,
    assign_folds,
    assignments,
    fit_times,
    fold_count,
    resolve_scheme,
    split_fold,
)

START = datetime(2024, 1, 1, tzinfo=UTC)


def table(entities: int, times: int = 1) -> pa.Table:
    """Every third entity is positive; an entity has a row at each time."""
    entity, day = np.divmod(np.arange(entities * times), times)
    as_of = [START + timedelta(days=int(number)) for number in day]
    return pa.table(
        {
            "entity_id": entity,
            "as_of": pa.array(as_of, pa.timestamp("us", "UTC")),
            "purchased": (entity % 3 == 0).astype(np.int64),
        }
    )


def test_one_repeat_is_what_there_was_before_repeats() -> None:
    scheme = FoldScheme(kind="stratified", folds=3)
    assert scheme.to_json() == {"kind": "stratified", "folds": 3, "horizon_s": None}
    assert FoldScheme.of(scheme.to_json()) == scheme
    assigned = assign_folds(table(12), scheme, seed=0)
    assert assigned.column_names == ["entity_id", "as_of", "fold", "label_end"]
    # As it was dealt before there were repeats.
    assert assigned["fold"].to_pylist() == [2, 1, 0, 2, 1, 0, 1, 0, 2, 0, 2, 1]


def test_further_repeats_are_dealt_in_another_order_and_numbered_through() -> None:
    once = assign_folds(table(30), {"kind": "stratified", "folds": 3}, seed=5)
    scheme = {"kind": "stratified", "folds": 3, "repeats": 3}
    thrice = assign_folds(table(30), scheme, seed=5)
    assert FoldScheme.of(scheme).to_json() == {**scheme, "horizon_s": None}
    assert thrice.column_names == ["entity_id", "as_of", "fold", "fold.1", "fold.2", "label_end"]
    assert thrice["fold"] == once["fold"]
    assert fold_count(thrice) == 9
    assert len(fit_times(thrice)) == 9
    found = assignments(thrice)
    assert [sorted(set(repeat)) for repeat in found.tolist()] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    within = found - 3 * np.arange(3)[:, None]
    assert len({tuple(repeat) for repeat in within.tolist()}) == 3
    positive = thrice["entity_id"].to_numpy() % 3 == 0
    for fold in range(9):
        held = (found == fold).any(axis=0)
        assert np.count_nonzero(held) == 10
        assert np.count_nonzero(held & positive) in (3, 4)
    assert assign_folds(table(30), scheme, seed=6)["fold.1"] != thrice["fold.1"]


@settings(deadline=None, max_examples=30)
@given(
    entities=st.integers(12, 25),
    times=st.integers(1, 4),
    folds=st.integers(2, 3),
    repeats=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_no_repeat_has_an_entity_on_both_sides(
    entities: int, times: int, folds: int, repeats: int, seed: int
) -> None:
    rows = table(entities, times)
    scheme = FoldScheme(kind="grouped", folds=folds, repeats=repeats)
    assigned = assign_folds(rows, scheme, seed=seed)
    who = rows["entity_id"].to_numpy()
    validated = np.zeros(len(who), dtype=int)
    for fold in range(folds * repeats):
        split = split_fold(assigned, fold)
        validated[split.validation] += 1
        assert not set(who[split.training]) & set(who[split.validation])
        assert len(split.training) + len(split.validation) == len(who)
    assert (validated == repeats).all()


def test_a_repeat_is_the_same_whether_or_not_others_are_dealt() -> None:
    scheme = FoldScheme(kind="grouped", folds=3, repeats=3)
    together = assign_folds(table(15), scheme, seed=2)
    for repeat, name in enumerate(("fold", "fold.1", "fold.2")):
        alone = assign_folds(table(15), scheme.of_repeat(repeat), seed=2)
        assert alone["fold"] == together[name]
        first = split_fold(together, 3 * repeat + 1)
        assert split_fold(alone, 3 * repeat + 1).training.tolist() == first.training.tolist()
    assert scheme.of_repeat(0).to_json() == FoldScheme(kind="grouped", folds=3).to_json()
    assert FoldScheme.of(scheme.of_repeat(2).to_json()).first_repeat == 2


def test_there_is_no_fold_beyond_the_last_repeat() -> None:
    assigned = assign_folds(table(12), {"kind": "grouped", "folds": 2, "repeats": 2}, seed=0)
    with pytest.raises(FoldError, match="There is no fold 4; the last one is 3"):
        split_fold(assigned, 4)


def test_time_is_not_repeated() -> None:
    with pytest.raises(FoldError, match=r"forward scheme cannot be repeated, got 2 .* time alone"):
        FoldScheme(kind="forward", horizon_s=0, repeats=2)
    # What is only found to be forward by the rows is refused as well.
    with pytest.raises(FoldError, match=r"Leave repeats out, or choose grouped folds"):
        resolve_scheme({"kind": "auto", "horizon_s": 0, "repeats": 2}, table(12, times=3))
    found = resolve_scheme({"kind": "auto", "horizon_s": 0, "repeats": 2}, table(12))
    assert (found.kind, found.repeats) == ("stratified", 2)


def test_rows_are_divided_at_least_once() -> None:
    with pytest.raises(FoldError, match="repeats must be 1 or more, got 0"):
        FoldScheme(kind="grouped", repeats=0)


def test_every_repeat_is_checked() -> None:
    """Three positives in three folds: each repeat must give each fold one of them."""
    rows = table(9)
    assigned = assign_folds(rows, {"kind": "grouped", "folds": 3, "repeats": 5}, seed=0)
    for fold in range(15):
        held = rows["purchased"].to_numpy()[split_fold(assigned, fold).validation]
        assert sorted(held) == [0, 0, 1]
    with pytest.raises(FoldError, match="Use fewer folds, or label more entities"):
        assign_folds(rows, {"kind": "grouped", "folds": 4, "repeats": 5}, seed=0)
