"""Which trial of a search is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yule_models.search.errors import SearchError

__all__ = ["best_trial", "searched_params"]


def best_trial(trials: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the trial of the least loss, of equals the earliest.

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
    return min(finished, key=lambda trial: (trial["loss"], trial["number"]))


def searched_params(
    model: Mapping[str, Any], trials: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a model with the parameters of its best trial."""
    params = {**model.get("params", {}), **best_trial(trials)["params"]}
    return {**model, "params": params}
