"""Which tasks of an order are one pod's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yule_runner.errors import OrderError

__all__ = ["Share", "indexes_for"]


@dataclass(frozen=True, kw_only=True)
class Share:
    """The part of one completion index: `size` tasks of the order, in its order.

    Attributes:
        index: from 0.
        size: tasks of each index; the last one may have fewer.
    """

    index: int
    size: int

    def of(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        """Return the index's tasks.

        Raises:
            OrderError: the order has none for it.
        """
        mine = tuple(task_ids[self.index * self.size : (self.index + 1) * self.size])
        if not mine:
            raise OrderError(
                f"The order has {len(task_ids)} tasks, {self.size} for each index, and so none for "
                f"index {self.index}: the Job has more indexes than its order."
            )
        return mine


def indexes_for(tasks: int, size: int) -> int:
    """Return how many indexes there are for so many tasks.

    >>> indexes_for(1000, 8), indexes_for(3, 2)
    (125, 2)
    """
    return math.ceil(tasks / size)
