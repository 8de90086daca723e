"""Which trial of a search is taken: the defaults, unless another is better by more than chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

from yule_models.search.errors import SearchError
from yule_models.search.judging import standard_error

__all__ = ["chosen_trial", "errors_to_beat", "searched_params"]

_LUCK = 1 - NormalDist().cdf(1)
"""How often one trial, no better than the defaults, beats them by more than a standard error."""


def errors_to_beat(trials: int) -> float:
    """Return by how many standard errors a trial must beat the defaults.

    The best of many trials beats them by luck more often than a single one. So that it does so no
    more often than a single one beats them by one standard error, in 16 of 100 searches, that share
    is divided by the number of trials beside the defaults (Bonferroni).

    Args:
        trials: How many there are, the defaults among them.

    Example:
        >>> [round(errors_to_beat(trials), 2) for trials in (2, 3, 16, 40)]
        [1.0, 1.41, 2.31, 2.65]
    """
    return NormalDist().inv_cdf(1 - _LUCK / max(trials - 1, 1))


def chosen_trial(trials: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the trial of the defaults, unless another beats it by more than luck would.

    That is by more than `errors_to_beat` standard errors of the difference between the two (see
    `standard_error`). Of trials that beat the defaults so, the one of the least loss is taken, of
    equals the earliest; and so it is where the defaults themselves came to no end.

    Args:
        trials: As `run_trial` returns them.

    Raises:
        SearchError: If none came to an end.
    """
    finished = [trial for trial in trials if trial["loss"] is not None]
    if not finished:
        reason = trials[0]["failure"] if trials else "there is none"
        raise SearchError(
            f"None of {len(trials)} trials came to an end: {reason} Narrow the ranges of the "
            "search, or leave it out."
        )
    defaults = next((trial for trial in finished if trial["number"] == 0), None)
    if defaults is not None:
        errors = errors_to_beat(len(trials))
        better = (
            trial
            for trial in finished
            if defaults["loss"] - trial["loss"] > errors * standard_error(defaults, trial)
        )
        finished = [defaults, *better]
    return min(finished, key=lambda trial: (trial["loss"], trial["number"]))


def searched_params(
    model: Mapping[str, Any], trials: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a model with the parameters of the trial that is taken."""
    params = {**model.get("params", {}), **chosen_trial(trials)["params"]}
    return {**model, "params": params}
