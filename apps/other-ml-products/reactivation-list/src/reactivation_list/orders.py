"""What each order of the list would have been worth at past times."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from reactivation_list.ranking import SILENCE, falls

__all__ = ["OrderFigures", "judge_orders"]

_FIRST = 0.1


@dataclass(frozen=True, kw_only=True)
class OrderFigures:
    """What an order is worth.

    Attributes:
        name: What it goes by.
        returned: The share that came back among the first tenth, by period, ascending in time.
    """

    name: str
    returned: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the periods."""
        return fmean(self.returned)


def judge_orders(
    oof: pa.Table, features: pa.Table, labels: pa.Table, *, lapsed_after_days: int
) -> tuple[OrderFigures, ...]:
    """Sort each period's customers in the ways of the list, and count who of the first came back.

    Args:
        oof: Validated rows: `entity_id`, `as_of`, `fold` and `returned`, the chance that models
            gave which had not seen them.
        features: All past rows, with the columns of the feature `history`.
        labels: The same rows with `returned`, 1 or 0.
        lapsed_after_days: How long a silence makes one lapse.

    Returns:
        The list's own order, by the chance, by the fall, by the silence (the shortest first), and
        no order at all: the share of all.
    """
    keys = ["entity_id", "as_of"]
    past = features.select(keys).append_column("fall", pa.array(falls(features, lapsed_after_days)))
    past = past.append_column("silence", features[SILENCE])
    past = past.append_column("outcome", labels["returned"])
    rows = oof.join(past, keys=keys, join_type="inner").sort_by(
        [(name, "ascending") for name in ("fold", *keys)]
    )
    fold, outcome = rows["fold"].to_numpy(), rows["outcome"].to_numpy()
    chance, fall = rows["returned"].to_numpy(), rows["fall"].to_numpy()
    orders = {
        "chance times fall (the list)": chance * fall,
        "chance alone": chance,
        "fall alone": fall,
        "shortest silence": -rows["silence"].to_numpy(),
    }
    periods = [np.flatnonzero(fold == number) for number in np.unique(fold)]
    judged = [
        OrderFigures(
            name=name,
            returned=tuple(_share_of_first(values[held], outcome[held]) for held in periods),
        )
        for name, values in orders.items()
    ]
    shares = tuple(float(outcome[held].mean()) for held in periods)
    return (*judged, OrderFigures(name="no order", returned=shares))


def _share_of_first(values: npt.NDArray[np.float64], outcome: npt.NDArray[np.int64]) -> float:
    """The share of 1 among the tenth (at least one) with the greatest values; ties by position."""
    first = np.argsort(-values, kind="stable")[: max(1, round(len(values) * _FIRST))]
    return float(outcome[first].mean())
