"""Takes the steps of a selection, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns
from yule_models.selection.filters import correlated, matching, mostly_missing, mostly_same
from yule_models.selection.importance import GainJudge
from yule_models.selection.options import SelectionError, SelectionOptions
from yule_models.targets import Target

__all__ = ["Selection", "select_features"]


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The features of a fold's models.

    Attributes:
        kept: Those that are kept, in the order of the table.
        removed: For each step that was taken its name, and why it removed what it removed.
    """

    kept: tuple[str, ...]
    removed: dict[str, dict[str, str]]

    def to_json(self) -> dict[str, Any]:
        """Return `kept`, and `removed`: a list of `step` and `features` with the reasons."""
        steps = [{"step": step, "features": found} for step, found in self.removed.items()]
        return {"kept": list(self.kept), "removed": steps}


def select_features(
    features: pd.DataFrame,
    labels: pd.DataFrame,
    targets: Sequence[Target],
    options: SelectionOptions,
    *,
    groups: npt.NDArray[np.object_],
    weights: npt.NDArray[np.float64] | None = None,
    seed: int = 0,
    threads: int = 1,
) -> Selection:
    """Select features by the training rows of a fold; no other row is looked at.

    Args:
        features: The training rows, n of them.
        labels: One column for each target.
        targets: The targets.
        options: The steps.
        groups: What rows have in common, as their entity, of shape (n,).
        weights: Of the rows, of shape (n,); None: all count alike.
        seed: Seed of what trees are asked.
        threads: Threads of the trees.

    Raises:
        SelectionError: If a pattern matches nothing, or a step leaves no feature.
    """
    kept = list(features.columns)
    removed: dict[str, dict[str, str]] = {}

    def take(step: str, found: dict[str, str]) -> None:
        removed[step] = {name: found[name] for name in kept if name in found}
        kept[:] = [name for name in kept if name not in found]
        if not kept:
            raise SelectionError(
                f"The step {step!r} of `select` leaves no feature of {len(features.columns)}; "
                "loosen it, or leave it out."
            )

    if options.include:
        included = matching(kept, options.include, field="include")
        take("include", {name: "not included" for name in kept if name not in included})
    if options.exclude:
        take("exclude", dict.fromkeys(matching(kept, options.exclude, field="exclude"), "excluded"))
    if options.missing_above is not None:
        take("missing", mostly_missing(features[kept], options.missing_above))
    if options.same_above is not None:
        take("same", mostly_same(features[kept], options.same_above))
    if options.correlated_above is not None:
        columns = FeatureColumns.learn(features[kept])
        take("correlated", correlated(features, columns, options.correlated_above))
    judge = GainJudge(
        features=features,
        labels=labels,
        groups=groups,
        weights=weights,
        targets=targets,
        seed=seed,
        threads=threads,
    )
    if options.null_importance_above is not None:
        above, rounds = options.null_importance_above, options.null_rounds
        take("null_importance", judge.unproven(kept, above=above, rounds=rounds))
    if options.importance_top is not None:
        take("importance", judge.least(kept, options.importance_top))
    return Selection(kept=tuple(kept), removed=removed)
