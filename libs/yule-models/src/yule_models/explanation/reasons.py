"""Why a row is scored as it is, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from yule_models.alignment import KEYS, check_aligned
from yule_models.ensemble import Blend
from yule_models.outputs import output_slices
from yule_models.registry import load_estimator
from yule_models.scoring import EnsembleMember
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = ["reason_columns", "reasons_of"]

Floats = npt.NDArray[np.float64]
_BATCH_ROWS = 1_024
"""A constant, since contributions of a batch are held for all features at once."""
_MAX_VALUE = 60


def reason_columns(target: str, count: int) -> tuple[str, ...]:
    """Return the names of a target's columns of reasons, the weightiest first."""
    return tuple(f"{target}.reason_{place}" for place in range(1, count + 1))


def reasons_of(
    features: Sequence[pa.Table],
    members: Sequence[EnsembleMember],
    scored: pa.Table,
    *,
    typical: Sequence[pd.DataFrame],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
    players: Sequence[str],
    count: int,
) -> pa.Table:
    """Name the features that move each row's scores most.

    A feature's contribution is the mean over fold models, and over models as the ensemble weighs
    them, of what it adds to log-odds (of several classes those of the most probable one) or to a
    value; see `Estimator.contributions`. A row has fewer reasons where fewer features move it.

    Args:
        features: entity_id, as_of and the features: one table for all folds, or one for each.
        members: The models, as `score` takes them.
        scored: What `score` returned for these rows.
        typical: The typical row of each fold.
        targets: The targets.
        blends: By target, how the models are combined.
        players: The features that estimates tell apart (see `Estimator.contributions`).
        count: Reasons of each row and target.

    Returns:
        entity_id, as_of, and the columns `reason_columns` of each target: texts such as
        "visits_30d is 4: makes it likelier (odds x 1.86)", null where there is none.

    Raises:
        AlignmentError: If the tables describe different rows.
    """
    for table in (*features[1:], scored):
        check_aligned(features[0], table, names=("features", "features or scores"))
    frames = [feature_frame(table) for table in features]
    estimators = {
        member.name: [load_estimator(folder) for folder in member.folders] for member in members
    }
    texts: dict[str, list[str | None]] = {
        name: [] for target in targets for name in reason_columns(target.name, count)
    }
    slices = output_slices(targets)
    for start in range(0, scored.num_rows, _BATCH_ROWS):
        rows = slice(start, start + _BATCH_ROWS)
        parts = [frame.iloc[rows] for frame in frames]
        totals: dict[str, Floats] = {}
        for name, folds in estimators.items():
            mean = _mean_contributions(folds, parts, typical, players)
            for target in targets:
                share = blends[target.name].shares.get(name)
                if share is not None:
                    own = share * mean[:, :, slices[target.name]]
                    totals[target.name] = totals.get(target.name, 0.0) + own
        for target in targets:
            moved = _of_interest(target, totals[target.name], scored.slice(start, _BATCH_ROWS))
            for name, column in _worded(target, moved, parts[0], count).items():
                texts[name] += column
    columns = {name: pa.array(values, pa.string()) for name, values in texts.items()}
    return pa.table({key: scored[key] for key in KEYS} | columns)


def _mean_contributions(
    folds: Sequence[Any],
    parts: Sequence[pd.DataFrame],
    typical: Sequence[pd.DataFrame],
    players: Sequence[str],
) -> Floats:
    described = parts if len(parts) > 1 else [*parts] * len(folds)
    first, *others = (
        estimator.contributions(part, row, players=players)
        for estimator, part, row in zip(folds, described, typical, strict=True)
    )
    total: Floats = sum(others, start=first)
    return total / len(folds)


def _of_interest(target: Target, contributions: Floats, scored: pa.Table) -> Floats:
    """Return the contributions to the output that a row is told by, of shape (n, features)."""
    if target.kind != "multiclass":
        return contributions[:, :, 0]
    numbers = {label: number for number, label in enumerate(target.classes or ())}
    chosen = np.array([numbers[label] for label in scored[target.name].to_pylist()], dtype=np.intp)
    return np.take_along_axis(contributions, chosen[:, None, None], axis=2)[:, :, 0]


def _worded(
    target: Target, contributions: Floats, frame: pd.DataFrame, count: int
) -> dict[str, list[str | None]]:
    """Return the texts of each column, the weightiest first, ties by the order of the features."""
    places = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :count]
    found: dict[str, list[str | None]] = {}
    for rank, column in enumerate(reason_columns(target.name, count)):
        if rank >= places.shape[1]:
            found[column] = [None] * len(frame)
            continue
        found[column] = [
            _reason(target, frame.columns[place], frame.iat[row, place], contributions[row, place])
            for row, place in enumerate(places[:, rank].tolist())
        ]
    return found


def _reason(target: Target, feature: str, value: object, contribution: float) -> str | None:
    if abs(contribution) < 1e-9:
        return None
    if target.kind == "regression":
        verb = "raises" if contribution > 0 else "lowers"
        effect = f"{verb} it by {abs(contribution):.3g}"
    else:
        verb = "likelier" if contribution > 0 else "less likely"
        effect = f"makes it {verb} (odds x {np.exp(np.clip(contribution, -20, 20)):.3g})"
    return f"{feature} is {_spoken(value)}: {effect}"


def _spoken(value: Any) -> str:
    if pd.isna(value):
        return "missing"
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | float | np.integer | np.floating):
        number = float(value)
        is_whole = number.is_integer() and abs(number) < 1e15
        return f"{int(number):,}" if is_whole else f"{number:.4g}"
    text = str(value)
    return f"'{text}'" if len(text) <= _MAX_VALUE else f"'{text[: _MAX_VALUE - 1]}…'"
