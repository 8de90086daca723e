"""Giving every labelled row its fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from gokart_store import derive_seed

from yule_models.folds.dealing import deal, entity_strata
from yule_models.folds.errors import FoldError
from yule_models.folds.forward import day_of, forward_blocks, times_after
from yule_models.folds.hashing import entity_hashes
from yule_models.folds.repeats import fold_column
from yule_models.folds.rows import KEYS, LabelledRows
from yule_models.folds.scheme import FoldScheme

__all__ = ["assign_folds", "resolve_scheme"]

_TIMESTAMP = pa.timestamp("us", "UTC")


def resolve_scheme(scheme: FoldScheme | Mapping[str, Any], labels: pa.Table) -> FoldScheme:
    """Replace `auto`, and the most folds there may be, by what fits the rows.

    Resolving a resolved scheme changes nothing.

    Args:
        scheme: The scheme, or its JSON form.
        labels: Labelled rows: entity_id, as_of, and one column per target.

    Raises:
        FoldError: If the rows cannot be divided so; it says what to change.
    """
    rows = LabelledRows.of(labels)
    wanted = FoldScheme.of(scheme)
    if wanted.kind == "auto":
        # With a single as_of, an entity has a single row: nothing is left to group.
        has_many_times = len(np.unique(rows.as_of)) > 1
        wanted = replace(wanted, kind="forward" if has_many_times else "stratified")
    if wanted.kind == "forward":
        return replace(wanted, folds=len(_starts(rows, wanted)))
    return wanted


def assign_folds(
    labels: pa.Table, scheme: FoldScheme | Mapping[str, Any], *, seed: int
) -> pa.Table:
    """Give every row the fold that validates it.

    The assignment depends on the seed, the entities, their times and labels; neither on the order
    of the rows nor on any feature.

    Args:
        labels: Labelled rows: entity_id, as_of, and one column per target.
        scheme: The scheme, or its JSON form; resolved first.
        seed: Seed of the order in which entities are dealt. Forward folds do not depend on it.

    Returns:
        A table aligned with `labels`: entity_id, as_of, `fold` (int32; -1 where the row is never
        validated) and `label_end` (timestamp: when the row's label was settled; null where the
        scheme pays no regard to time). Of a scheme with repeats also `fold.1`, `fold.2` and so on:
        the folds of further repeats, each with other orders of dealing, numbered through. Of a
        scheme with a gap beyond its horizon also `gap_end` (timestamp: when the gap after the row
        was over, and a validation may begin that is trained on it).

    Raises:
        FoldError: If the rows cannot be divided so; it says what to change.
    """
    resolved = resolve_scheme(scheme, labels)
    rows = LabelledRows.of(labels)
    columns = {key: labels[key] for key in KEYS}
    for place in range(resolved.repeats):
        repeat = resolved.first_repeat + place
        own_seed = derive_seed(seed, "repeat", repeat) if repeat else seed
        fold = _divided(rows, resolved, own_seed)
        if resolved.kind != "forward":
            _check_trainable(rows, fold, resolved)
        _check_judgeable(rows, fold, resolved)
        numbers = fold + np.int32(repeat * resolved.folds)
        columns[fold_column(place)] = pa.array(numbers, pa.int32())
    if resolved.kind != "forward":
        return pa.table(columns | {"label_end": pa.nulls(len(rows), _TIMESTAMP)})
    horizon_s = resolved.horizon_s or 0
    columns["label_end"] = _times(rows, horizon_s)
    if resolved.least_gap_s > horizon_s:
        columns["gap_end"] = _times(rows, resolved.least_gap_s)
    return pa.table(columns)


def _times(rows: LabelledRows, seconds: int) -> pa.Array:
    return pa.array(times_after(rows, seconds), pa.int64()).cast(_TIMESTAMP)


def _divided(rows: LabelledRows, scheme: FoldScheme, seed: int) -> npt.NDArray[np.int32]:
    match scheme.kind:
        case "forward":
            return _forward(rows, scheme)
        case "grouped":
            return _grouped(rows, scheme.folds, seed)
        case "stratified":
            return _stratified(rows, scheme.folds, seed)
        case "auto":
            raise AssertionError("A resolved scheme is never auto.")
        case _:
            assert_never(scheme.kind)


def _stratified(rows: LabelledRows, folds: int, seed: int) -> npt.NDArray[np.int32]:
    repeated = len(rows) - len(np.unique(rows.entity_codes))
    if repeated:
        raise FoldError(
            "A stratified scheme would validate a model on entities that it was trained on: of "
            f"{len(rows)} rows {repeated} are of an entity that has another one. Choose grouped, "
            "or forward if it is the future that is to be predicted."
        )
    hashes = entity_hashes(rows.entities, seed)
    return deal(rows.joint_strata, hashes, rows.as_of, folds=folds)


def _grouped(rows: LabelledRows, folds: int, seed: int) -> npt.NDArray[np.int32]:
    codes = rows.entity_codes
    firsts = np.unique(codes, return_index=True)[1]
    hashes = entity_hashes([rows.entities[row] for row in firsts], seed)
    strata = entity_strata(codes, rows.joint_strata)
    fold: npt.NDArray[np.int32] = deal(strata, hashes, folds=folds)[codes]
    return fold


def _forward(rows: LabelledRows, scheme: FoldScheme) -> npt.NDArray[np.int32]:
    starts = np.asarray(_starts(rows, scheme))
    return (np.searchsorted(starts, rows.as_of, side="right") - 1).astype(np.int32)


def _starts(rows: LabelledRows, scheme: FoldScheme) -> list[int]:
    if scheme.horizon_s is None:
        raise FoldError(
            "A forward scheme needs the horizon of the labels (horizon_s, in seconds), so that no "
            "row is trained on whose label was settled after the validation began. Give 0 if "
            "labels are known at once."
        )
    return forward_blocks(rows, folds=scheme.folds, gap_s=scheme.least_gap_s)


def _check_trainable(rows: LabelledRows, fold: npt.NDArray[np.int32], scheme: FoldScheme) -> None:
    for held in range(scheme.folds):
        target = rows.single_class_target(fold != held)
        if target is not None or not np.any(fold == held):
            reason = (
                f"would be trained on rows without {rows.needs(target)}"
                if target
                else "has no rows"
            )
            rarest = f" {rows.rarest_class(target)}" if target else ""
            raise FoldError(
                f"Fold {held} of {scheme.folds} {reason}; there are {len(rows)} rows of "
                f"{len(set(rows.entities))} entities.{rarest} Use fewer folds, or label more "
                "entities."
            )


def _check_judgeable(rows: LabelledRows, fold: npt.NDArray[np.int32], scheme: FoldScheme) -> None:
    """Refuse folds that would be validated on one class: nothing is ranked or told apart there."""
    for held in range(scheme.folds):
        for target, codes in rows.strata.items():
            is_held = fold == held
            validated, seen = codes[is_held & (codes > 0)], codes[codes > 0]
            enough = 1 if target in rows.numbers else 2
            if len(np.unique(validated)) >= enough or len(np.unique(seen)) < 2:
                continue
            when = f" {_span(rows.as_of[is_held])}" if scheme.kind == "forward" else ""
            count = np.count_nonzero(is_held)
            if not len(validated):
                raise FoldError(
                    f"Fold {held} of {scheme.folds} would be validated on rows without a label of "
                    f"{target!r}: none of its {count} rows{when} has one. Use fewer folds, or "
                    "label more entities."
                )
            known = "" if len(validated) == count else " with a label"
            raise FoldError(
                f"Fold {held} of {scheme.folds} would be validated on rows of a single class of "
                f"{target!r}: all its {len(validated)} rows{known}{when} say the same. "
                f"{rows.rarest_class(target)} Use fewer folds, or label more entities of that "
                "class."
            )


def _span(as_of: npt.NDArray[np.int64]) -> str:
    first, last = (day_of(int(time)) for time in (as_of.min(), as_of.max()))
    return f"as of {first}" if first == last else f"as of {first} to {last}"
