"""How the rows to score differ from the latest training rows, beside what is usual over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.alignment import KEYS
from yule_models.bins import MOST_BINS, bin_codes
from yule_models.drift.classifier import tell_apart
from yule_models.drift.described import described
from yule_models.folds.hashing import entity_hashes

__all__ = ["LEAST_DISTANCE", "LEAST_LEAD", "find_drift"]

LEAST_DISTANCE = 0.5
"""The least distance that is a drift of a feature: half of the rows have values of their own."""
LEAST_LEAD = 0.25
"""By how much the distance of a drift exceeds the usual one, at least."""

_LEAST_AUC, _LEAST_AUC_LEAD = 0.8, 0.25
"""From this AUC on, groups are apart, if it exceeds the usual one by so much."""
_LEAST_AUC_ALONE = 0.95
"""The same where nobody knows what is usual: time alone sets groups apart."""
_PARTS = 5
_LEAST_ROWS = 50
_MOST_LISTED = 10

Codes = npt.NDArray[np.uint8]


def find_drift(
    training: pa.Table, population: pa.Table, *, seed: int, threads: int = 1
) -> dict[str, Any]:
    """Compare the features of the rows to score with those of the latest training rows.

    *Adversarial validation*: a small model learns to tell the groups apart, and is judged on other
    entities. Beside it stands for each feature the total variation distance of the groups: the
    share of rows with values that the other group has no rows for. Features change with time in any
    history, so the latest fifth of the training rows is compared, and the same is asked of it and
    the fifth before: only a feature that exceeds this by far has drifted. Where many have moved a
    little, none has drifted, and yet the model may tell the groups apart far better than usual.

    Args:
        training: Features with entity_id and as_of; at best some thousand rows.
        population: Likewise; features that one of them lacks are left out.
        seed: Seed of the model's halves.
        threads: Threads of its fits.

    Returns:
        JSON: `auc` (0.5: nothing differs; null with fewer than 50 rows on a side), `usual_auc` (of
        the latest training rows and those before; null where all are of one time), `rows` (that
        were compared, of `training` and `population`), `is_apart` (whether the model tells them
        apart far better than usual), `drifted` (names of features, those that moved furthest
        first), and `features`, the ten that moved furthest: `feature`, `distance`,
        `usual_distance` or null, and of `training` and `population` the `typical` value (median, or
        most frequent text; null where there is none) and the share that is `missing`.

    Raises:
        FeatureTypeError: If a feature is neither number, boolean nor text.
    """
    others = set(population.column_names)
    names = [name for name in training.column_names if name in others and name not in KEYS]
    codes = _codes(training, population, names)
    age = np.concatenate([_ages(training["as_of"]), np.full(population.num_rows, -1)])
    hashes = np.concatenate(
        [entity_hashes(side["entity_id"].to_pylist(), seed) for side in (training, population)]
    )
    recent = training.filter(pa.array(age[: training.num_rows] == 0))

    def auc(one: int, other: int) -> float | None:
        of_both = np.isin(age, (one, other))
        return tell_apart(codes[of_both], age[of_both] == other, hashes[of_both], threads=threads)

    is_enough = {part: int((age == part).sum()) >= _LEAST_ROWS for part in (-1, 0, 1)}
    can_tell, knows_usual = is_enough[-1] and is_enough[0], is_enough[0] and is_enough[1]
    now = _distances(codes[age == 0], codes[age == -1])
    usual = _distances(codes[age == 1], codes[age == 0]) if knows_usual else np.zeros(len(names))
    order = np.argsort(-np.maximum(now - usual, 0), kind="stable")
    has_drifted = (now >= LEAST_DISTANCE) & (now - usual >= LEAST_LEAD) & can_tell
    now_auc = auc(0, -1) if can_tell and names else None
    usual_auc = auc(1, 0) if knows_usual and names else None
    return {
        "auc": now_auc,
        "usual_auc": usual_auc,
        "rows": {"training": recent.num_rows, "population": population.num_rows},
        "is_apart": _is_apart(now_auc, usual_auc),
        "drifted": [names[place] for place in order if has_drifted[place]],
        "features": [
            {
                "feature": names[place],
                "distance": float(now[place]),
                "usual_distance": float(usual[place]) if knows_usual else None,
                "training": described(recent[names[place]]),
                "population": described(population[names[place]]),
            }
            for place in order[:_MOST_LISTED]
        ],
    }


def _is_apart(auc: float | None, usual: float | None) -> bool:
    if auc is None or usual is None:
        return auc is not None and auc >= _LEAST_AUC_ALONE
    return auc >= _LEAST_AUC and auc - usual >= _LEAST_AUC_LEAD


def _codes(training: pa.Table, population: pa.Table, names: list[str]) -> Codes:
    """The bins of both tables, row by row, of shape (rows, features)."""
    codes = np.zeros((training.num_rows + population.num_rows, len(names)), dtype=np.uint8)
    for place, name in enumerate(names):
        sides = [side[name] for side in (training, population)]
        kind = next((side.type for side in sides if not pa.types.is_null(side.type)), pa.null())
        chunks = [chunk for side in sides for chunk in side.cast(kind).chunks]
        codes[:, place] = bin_codes(pa.chunked_array(chunks, kind))
    return codes


def _ages(times: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """The part of the times that a row is of: 0 the latest fifth of the rows, then those before."""
    moments = times.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    place = np.unique(moments, return_inverse=True)[1]
    rows_from = np.bincount(place)[::-1].cumsum()[::-1]
    parts = _PARTS * (rows_from - 1) // max(len(moments), 1)
    ages: npt.NDArray[np.int64] = np.unique(parts, return_inverse=True)[1][place]
    return ages


def _distances(one: Codes, other: Codes) -> npt.NDArray[np.float64]:
    """The total variation distance of each feature's bins, of shape (features,), from 0 to 1."""
    shares = [
        np.stack([np.bincount(column, minlength=MOST_BINS) for column in side.T], axis=0)
        / max(len(side), 1)
        if side.shape[1]
        else np.zeros((0, MOST_BINS))
        for side in (one, other)
    ]
    found: npt.NDArray[np.float64] = np.abs(shares[0] - shares[1]).sum(axis=1) / 2
    return found
