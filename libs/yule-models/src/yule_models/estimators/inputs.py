"""What a fit is given, and what it tells of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding import FeatureColumns
from yule_models.estimators.fold_data import FoldData, check_paired, number_groups
from yule_models.targets import Target

__all__ = ["CurvePoint", "FitInputs"]


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """One point of a learning curve.

    Attributes:
        step: Round or epoch, from 1 on.
        values: Loss by part of the data, as `inner/log_loss`; also metrics, and the learning rate.
        seconds: How long the step took; None where it is not known. It is shown, never stored:
            results do not depend on the clock.
        prefix: What `seconds` is shown under where the steps of several targets follow each other,
            as `spend/`.
    """

    step: int
    values: Mapping[str, float]
    seconds: float | None = field(default=None, compare=False)
    prefix: str = ""


@dataclass(frozen=True, kw_only=True)
class FitInputs:
    """All that a kind fits by.

    Attributes:
        columns: The columns of the rows to learn from, with their vocabularies.
        training: Rows to learn from.
        inner: Rows to stop early by, with at least one label; None: there are none.
        on_step: Told of each step of kinds that learn in steps.
        checkpoint: Folder in which kinds that learn for long keep how far they came; None: nowhere.
        start: File of a trunk to start from; None: from nothing.
        unlabelled: Features of rows without any label, for kinds that learn from features alone.
    """

    columns: FeatureColumns
    training: FoldData
    inner: FoldData | None
    on_step: Callable[[CurvePoint], None]
    checkpoint: Path | None
    start: Path | None = None
    unlabelled: pd.DataFrame | None = None

    @classmethod
    def of(
        cls,
        targets: Sequence[Target],
        training: tuple[pd.DataFrame, pd.DataFrame],
        validation: tuple[pd.DataFrame, pd.DataFrame] | None,
        *,
        weights: tuple[npt.ArrayLike | None, npt.ArrayLike | None],
        groups: tuple[npt.ArrayLike | None, npt.ArrayLike | None],
        on_step: Callable[[CurvePoint], None] | None = None,
        checkpoint: Path | None = None,
        start: Path | None = None,
        unlabelled: pd.DataFrame | None = None,
    ) -> Self:
        """Check and encode what `Estimator.fit` was given; see there for what is raised.

        Args:
            targets: What is learned.
            training: Features and labels.
            validation: Likewise, of rows to stop early by.
            weights: Of the rows of both.
            groups: Of the rows of both.
            on_step: Told of each step; None: nobody is.
            checkpoint: As the attribute.
            start: As the attribute.
            unlabelled: As the attribute.
        """
        counts = len(training[0]), 0 if validation is None else len(validation[0])
        check_paired("weights", *weights, rows=counts[1])
        numbers = number_groups(*groups, counts=counts)
        data = FoldData.of(*training, targets, weights=weights[0], groups=numbers[0]).counting()
        data.check_learnable(targets)
        columns, inner = FeatureColumns.learn(data.features), None
        if validation is not None:
            columns.check(validation[0])
            inner = FoldData.of(*validation, targets, weights=weights[1], groups=numbers[1])
            inner = inner.counting()
            decisive = [not target.is_auxiliary for target in targets]
            inner = None if np.isnan(inner.labels[:, decisive]).all() else inner
        return cls(
            columns=columns,
            training=data,
            inner=inner,
            on_step=on_step or _ignore,
            checkpoint=checkpoint,
            start=start,
            unlabelled=unlabelled,
        )


def _ignore(_: CurvePoint) -> None:
    """Take no notice of a step."""
