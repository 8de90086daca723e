"""Putting LightGBM's random generators where an interrupted fit had left them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["replayed", "rounds_between_drawings"]

_NO_SPLIT = 1e300
_ONE_FEATURE = 1e-9


def rounds_between_drawings(settings: Mapping[str, Any]) -> int:
    """Return after how many rounds rows are drawn anew; 1 where they are never drawn."""
    return max(1, int(settings["bagging_freq"])) if _draws_rows(settings) else 1


def replayed(
    settings: Mapping[str, Any], *, text: str, rounds: int, outputs: int, most: int
) -> Callable[..., None]:
    """Return a callback that draws, before the first round, what the rounds before it drew.

    LightGBM takes a model up by its scores, which come out to the bit, and lets rows and features
    be drawn from the seeds again. Rows are drawn once for a round, so rounds are done that may not
    split; features are drawn once for a tree, and once whenever a parameter is set.

    Args:
        settings: LightGBM's parameters.
        text: The model, from which the seeds that LightGBM derived are read.
        rounds: The rounds before; a multiple of `rounds_between_drawings`.
        outputs: Trees of a round.
        most: Rounds in all, which the model's text tells.
    """
    found = re.search(r"^\[feature_fraction_seed: (-?\d+)\]$", text, re.MULTILINE)
    seed = int(found.group(1)) if found else 0
    own = {"min_gain_to_split": 0.0, "feature_fraction": 1.0}
    own |= {name: settings[name] for name in own if name in settings}
    # A fraction of 1 is never drawn, and LightGBM would keep the one feature for good.
    fraction = _ONE_FEATURE if own["feature_fraction"] < 1 else own["feature_fraction"]
    idle = {"min_gain_to_split": _NO_SPLIT, "feature_fraction": fraction}

    def callback(environment: Any) -> None:
        if environment.iteration != environment.begin_iteration:
            return
        booster = environment.model
        if _draws_rows(settings):
            booster.reset_parameter(idle)
            for _ in range(rounds // rounds_between_drawings(settings)):
                booster.update()
        # The generator starts anew where its seed changes.
        booster.reset_parameter({**own, "feature_fraction_seed": seed ^ 1, "num_iterations": most})
        for _ in range(rounds * outputs + 1):
            booster.reset_parameter({"feature_fraction_seed": seed})

    callback.before_iteration = True  # type: ignore[attr-defined]  # as LightGBM asks for it
    return callback


def _draws_rows(settings: Mapping[str, Any]) -> bool:
    frequency, fraction = settings.get("bagging_freq", 0), settings.get("bagging_fraction", 1.0)
    return bool(frequency > 0 and fraction < 1)
