"""Scoring rows with an ensemble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from yule_models.alignment import KEYS, check_aligned
from yule_models.ensemble import Blend
from yule_models.estimators import Estimator
from yule_models.memory import OutOfMemoryError, is_out_of_memory, needed_gib
from yule_models.outputs import output_slices, prediction_columns
from yule_models.registry import load_estimator
from yule_models.targets import Target
from yule_models.training import feature_frame

__all__ = ["BATCH_ROWS", "EnsembleMember", "predict_in_batches", "score", "scored_columns"]

Floats = npt.NDArray[np.float64]

BATCH_ROWS = 16_384
"""Rows that are predicted at once. A constant, since sums in another order differ in bits."""
_LEAST_BATCH_ROWS = 2_048


@dataclass(frozen=True, kw_only=True)
class EnsembleMember:
    """A model of an ensemble.

    Attributes:
        name: Its name.
        folders: Where its estimators lie, one for each fold; their predictions are averaged.
    """

    name: str
    folders: Sequence[Path]


def score(
    features: Sequence[pa.Table],
    members: Iterable[EnsembleMember],
    targets: Sequence[Target],
    blends: Mapping[str, Blend],
) -> pa.Table:
    """Blend the members' predictions; a member without weight is not even loaded.

    Args:
        features: entity_id, as_of, and the features: one table for all estimators, or one for each
            fold's; they describe the same rows in the same order.
        members: The ensemble, in an order that is always the same.
        targets: The targets, as the members were trained on them.
        blends: By target, how the members are combined.

    Returns:
        entity_id, as_of, and the columns of `scored_columns` for each target, row by row as in
        `features`.

    Raises:
        AlignmentError: If the tables describe different rows.
    """
    for other in features[1:]:
        check_aligned(features[0], other, names=("features of one fold", "features of another"))
    frames, slices = [feature_frame(table) for table in features], output_slices(targets)
    totals: dict[str, Floats] = {}
    for member in members:
        users = [target for target in targets if member.name in blends[target.name].weights]
        if not users:
            continue
        predictions = _mean_prediction(frames, member.folders)
        for target in users:
            part = blends[target.name].part(member.name, predictions[:, slices[target.name]])
            totals[target.name] = totals[target.name] + part if target.name in totals else part
    columns = {key: features[0][key] for key in KEYS}
    for target in targets:
        blend = blends[target.name]
        columns |= scored_columns(target, blend.finish(totals[target.name]), blend)
    return pa.table(columns)


def scored_columns(target: Target, predictions: Floats, blend: Blend) -> dict[str, pa.Array]:
    """Return the columns of one target in a table of scores.

    Args:
        target: The target.
        predictions: Of shape (n, outputs).
        blend: What made them.

    Returns:
        Binary: the probability of 1, named as the target. Multiclass: the most probable class (of
        equals the first) under the target's name, then the probability of each class as
        `<target>.<class>`. Regression: the value, and as `<target>.lower` and `<target>.upper` the
        ends of its interval.
    """
    columns = prediction_columns(predictions, [target])
    if target.kind == "multiclass":
        classes = pa.array(target.classes or ())
        most_probable = classes.take(pa.array(predictions.argmax(axis=1)))
        return {target.name: most_probable, **columns}
    if blend.interval is not None:
        ends = blend.interval.apply(predictions[:, 0])
        columns |= {
            f"{target.name}.{end}": pa.array(values, pa.float64())
            for end, values in zip(("lower", "upper"), ends.T, strict=True)
        }
    return columns


def predict_in_batches(estimator: Estimator, frame: pd.DataFrame) -> Floats:
    """Predict a table in batches of a fixed size, so that memory stays flat.

    A batch that does not fit into memory is halved, and all after it, down to 2,048 rows, which
    changes no bit of a prediction: networks take so many rows at once in any case.

    Raises:
        OutOfMemoryError: If not even that fits.
    """
    batches: list[Floats] = []
    start, size = 0, BATCH_ROWS
    while start < len(frame) or not batches:
        try:
            batches.append(estimator.predict(frame.iloc[start : start + size]))
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if size <= _LEAST_BATCH_ROWS:
                rows = min(size, len(frame))
                raise OutOfMemoryError(
                    f"Predicting {rows:,} rows of {len(frame.columns):,} features needs about "
                    f"{needed_gib(rows, len(frame.columns)):.2f} GiB more than there are. Score on "
                    "a machine with more memory, or with fewer workers at a time."
                ) from error
            size //= 2
            continue
        start += size
    return np.concatenate(batches)


def _mean_prediction(frames: Sequence[pd.DataFrame], folders: Sequence[Path]) -> Floats:
    described = frames if len(frames) > 1 else [*frames] * len(folders)
    first, *others = (
        predict_in_batches(load_estimator(folder), frame)
        for folder, frame in zip(folders, described, strict=True)
    )
    return sum(others, start=first) / len(folders)
