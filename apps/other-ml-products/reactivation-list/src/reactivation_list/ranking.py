"""From chances and histories to a list with reasons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["ACTIVE_DAYS", "AGE", "SILENCE", "falls", "ranked"]

# Columns of the feature `history`: days with events, days since the first and since the last one.
ACTIVE_DAYS, AGE, SILENCE = "history.all.active_days", "history.first_seen", "history.recency"


def falls(features: pa.Table, lapsed_after_days: int) -> npt.NDArray[np.float64]:
    """How many active days each customer's own history made one expect in a silence.

    That is the active days per day from the first event until the silence that counts (at least as
    long as that silence), times its length.

    Args:
        features: The columns of the feature `history`.
        lapsed_after_days: How long a silence makes one lapse.
    """
    active: npt.NDArray[np.float64] = features[ACTIVE_DAYS].to_numpy().astype(np.float64)
    return active / _history_days(features, lapsed_after_days) * lapsed_after_days


def ranked(features: pa.Table, predictions: pa.Table, *, lapsed_after_days: int) -> pa.Table:
    """The list, the first to write to on top.

    It is sorted by the product of the fall (see `falls`) and the chance to come back: the active
    days that a return is expected to win.

    Args:
        features: Row by row, `entity_id`, `as_of` and the columns of the feature `history`.
        predictions: The same rows with `returned`, the chance to come back.
        lapsed_after_days: How long a silence makes one lapse.

    Returns:
        `rank` (from 1), `entity_id`, `as_of`, `return_chance`, `fall_days`, `expected_days`,
        `rank_by_chance`, `rank_by_fall`, `silent_days`, `active_days`, `history_days`, `reason`.
        Ties are broken by the fall, then by the id.
    """
    if not features["entity_id"].equals(predictions["entity_id"]):
        raise AssertionError("features and predictions are of the same rows")
    chance = predictions["returned"].to_numpy()
    active = features[ACTIVE_DAYS].to_numpy()
    silent = features[SILENCE].to_numpy()
    history = _history_days(features, lapsed_after_days)
    fall = falls(features, lapsed_after_days)
    ids = features["entity_id"]
    rows = pa.table(
        {
            "entity_id": ids,
            "as_of": features["as_of"],
            "return_chance": chance,
            "fall_days": fall,
            "expected_days": chance * fall,
            "rank_by_chance": _ranks(chance, ids),
            "rank_by_fall": _ranks(fall, ids),
            "silent_days": silent,
            "active_days": active,
            "history_days": history,
            "reason": [
                _reason(*facts, lapsed_after_days)
                for facts in zip(active, history, fall, silent, strict=True)
            ],
        }
    )
    best_first = [
        ("expected_days", "descending"),
        ("fall_days", "descending"),
        ("entity_id", "ascending"),
    ]
    rows = rows.sort_by(best_first).combine_chunks()
    return rows.add_column(0, "rank", pa.array(np.arange(1, len(rows) + 1), pa.int64()))


def _history_days(features: pa.Table, lapsed_after_days: int) -> npt.NDArray[np.float64]:
    ages: npt.NDArray[np.float64] = features[AGE].to_numpy()
    return np.maximum(ages - lapsed_after_days, lapsed_after_days)


def _ranks(values: npt.NDArray[np.float64], ids: pa.ChunkedArray) -> pa.Array:
    """The place of each value, the greatest first; of equal ones the smaller id."""
    keys = pa.table({"value": values, "entity_id": ids})
    order = pc.sort_indices(keys, [("value", "descending"), ("entity_id", "ascending")])
    places = np.empty(len(values), np.int64)
    places[order.to_numpy()] = np.arange(1, len(values) + 1)
    return pa.array(places)


def _reason(active: int, history: float, fall: float, silent: float, lapsed_after: int) -> str:
    days = "1 day" if active == 1 else f"{active:,} days"
    return (
        f"Active on {days} in {history:,.0f} days before; {fall:.1f} were to be expected in the "
        f"last {lapsed_after:,} days, and none came. Silent for {silent:,.0f} days."
    )
