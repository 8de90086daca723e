"""The fit of a model on a fold, after a search for its parameters where the case asks for one."""

from collections.abc import Mapping
from typing import Any

from yule_models import SearchTrial, TrainFold, TrainSearchedFold, trials_seen

__all__ = ["fold_fit"]


def fold_fit(search: Mapping[str, Any] | None, **arguments: Any) -> TrainFold:
    """Return the task that trains on a fold, its trials upstream.

    Args:
        search: `trials` and `space` of the resolved model; None: its parameters are given.
        arguments: Those of `TrainFold`.
    """
    if search is None:
        return TrainFold(**arguments)
    trials: list[SearchTrial] = []
    for number in range(search["trials"]):
        trials.append(
            SearchTrial(
                space=search["space"],
                number=number,
                earlier=tuple(trials[: trials_seen(number)]),
                **arguments,
            )
        )
    return TrainSearchedFold(trials=tuple(trials), **arguments)
