"""Looks for features that know the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from yule_models.alignment import KEYS, check_aligned, row_weights
from yule_models.bins import Codes, bin_codes
from yule_models.folds import FoldError, FoldSplit, fold_count, split_fold
from yule_models.leaks.columns import ColumnSource
from yule_models.leaks.outcomes import Outcomes
from yule_models.leaks.single_feature import fold_scores
from yule_models.leaks.suspects import Ranking, find_suspects, rank_features
from yule_models.targets import Target

__all__ = ["find_leaks"]

_MOST_LISTED = 20


def find_leaks(
    features: Sequence[ColumnSource],
    labels: pa.Table,
    folds: pa.Table,
    targets: Sequence[Target],
) -> dict[str, Any]:
    """Score each feature alone, and tell which lead all others as honest ones do not.

    One pass over each column, no model: a feature's bins are scored with the mean outcome of a
    fold's training rows in them, and judged on its validation rows.

    Args:
        features: The features of the labelled rows, row by row: one table for all folds, or one for
            each, where each fold's features were learned from other data.
        labels: Labelled rows: entity_id, as_of, one column for each target, and perhaps
            row_weight: a row counts by its weight.
        folds: What `assign_folds` returned for these labels.
        targets: What is to be predicted.

    Returns:
        JSON: `targets`, by name `kind` (of the target), `features` (how many were scored),
        `ranking` (the first ones, the most telling on top: `feature` and `score`, its concordance,
        0.5 to 1: the AUC, of classes its mean, of numbers the c-index), `suspects` (names,
        first in the ranking), `lead` (by how much the last suspect, or where there is none the
        first feature, leads the next; null where nothing is compared) and `margin` (from where on a
        lead is suspicious).

    Raises:
        AlignmentError: If the tables do not describe the same rows.
        FeatureTypeError: If a feature is neither number, boolean nor text.
        FoldError: If there is neither one table of features nor one for each fold.
    """
    check_aligned(folds, labels, names=("folds", "labels"))
    splits = [split_fold(folds, fold) for fold in range(fold_count(folds))]
    if len(features) not in (1, len(splits)):
        raise FoldError(
            f"There are {len(features)} tables of features for {len(splits)} folds; give one for "
            "all, or one for each."
        )
    for table in features:
        keys = pa.table({key: table.column(key) for key in KEYS})
        check_aligned(keys, labels, names=("features", "labels"))
    weights = row_weights(labels)
    outcomes = {
        target.name: Outcomes.of(labels[target.name], target, weights) for target in targets
    }
    scores = _scores(features, outcomes, splits)
    return {
        "targets": {
            target.name: {"kind": target.kind, **_described(rank_features(scores[target.name]))}
            for target in targets
        }
    }


def _scores(
    features: Sequence[ColumnSource],
    outcomes: dict[str, Outcomes],
    splits: Sequence[FoldSplit],
) -> dict[str, dict[str, list[float]]]:
    """By target and feature the score of each fold; a column is read once for all targets."""
    parts = [splits] if len(features) == 1 else [[split] for split in splits]
    found: dict[str, dict[str, list[float]]] = {name: {} for name in outcomes}
    # A learned feature may have columns in one fold that another fold lacks.
    columns = [set(table.column_names) - set(KEYS) for table in features]
    for name in sorted(set().union(*columns)):
        scored: dict[str, list[float]] = {target: [] for target in outcomes}
        for table, known, part in zip(features, columns, parts, strict=True):
            bins = bin_codes(table.column(name)) if name in known else None
            for target, outcome in outcomes.items():
                scored[target] += _fold_scores(bins, outcome, part)
        for target, values in scored.items():
            found[target][name] = values
    return found


def _fold_scores(bins: Codes | None, outcome: Outcomes, part: Sequence[FoldSplit]) -> list[float]:
    return [float("nan")] * len(part) if bins is None else fold_scores(bins, outcome, part)


def _described(ranking: Ranking) -> dict[str, Any]:
    suspicion = find_suspects(ranking)
    listed = max(_MOST_LISTED, suspicion.suspects + 1)
    return {
        "features": len(ranking.names),
        "ranking": [
            {"feature": name, "score": float(score)}
            for name, score in zip(ranking.names[:listed], ranking.scores, strict=False)
        ],
        "suspects": list(ranking.names[: suspicion.suspects]),
        "lead": suspicion.lead,
        "margin": suspicion.margin,
    }
