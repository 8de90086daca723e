"""The rows that an estimator learns from, checked and encoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.errors import TargetError
from yule_models.metrics import encode_labels
from yule_models.targets import Target

__all__ = ["Floats", "FoldData", "check_paired", "number_groups"]

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FoldData:
    """Rows to learn from, checked and encoded.

    Attributes:
        features: The features.
        labels: Encoded labels of each target, of shape (n, targets); NaN where there is none.
        weights: Weight of each row, of shape (n,).
        groups: Number of the group of each row, of shape (n,): rows of a group never tell each
            other their labels.
    """

    features: pd.DataFrame
    labels: Floats
    weights: Floats
    groups: Groups

    @classmethod
    def of(
        cls,
        features: pd.DataFrame,
        labels: pd.DataFrame,
        targets: Sequence[Target],
        *,
        weights: npt.ArrayLike | None,
        groups: Groups,
    ) -> Self:
        """Check and encode n rows.

        Args:
            features: The features.
            labels: One column for each target.
            targets: The targets.
            weights: Of shape (n,), at least 0; None: 1.
            groups: As `number_groups` numbers them.

        Raises:
            TargetError: If labels, weights or groups do not suit the rows.
        """
        missing = [target.name for target in targets if target.name not in labels.columns]
        if missing or len(labels) != len(features):
            raise TargetError(
                f"Labels of {len(features)} rows with the columns "
                f"{[target.name for target in targets]} are needed, got {len(labels)} rows "
                f"with {list(labels.columns)}."
            )
        given = np.ones(len(features)) if weights is None else np.asarray(weights, dtype=np.float64)
        if given.shape != (len(features),) or not (np.isfinite(given) & (given >= 0)).all():
            raise TargetError(
                f"The weights must be {len(features)} finite numbers of at least 0, one for each "
                "row; a row of weight 0 counts as if it were not there."
            )
        return cls(
            features=features,
            labels=np.column_stack([encode_labels(t, labels[t.name]) for t in targets]),
            weights=given,
            groups=groups,
        )

    def __len__(self) -> int:
        return len(self.features)

    def counting(self) -> Self:
        """Return the rows that count: those of a weight above 0."""
        counts = self.weights > 0
        if counts.all():
            return self
        return replace(
            self,
            features=self.features[counts],
            labels=self.labels[counts],
            weights=self.weights[counts],
            groups=self.groups[counts],
        )

    def check_learnable(self, targets: Sequence[Target]) -> None:
        """Refuse rows that hold nothing to learn of a target; an auxiliary one may be unknown.

        Raises:
            TargetError: If a target has no label, or classes of which there is one only.
        """
        for target, column in zip(targets, self.labels.T, strict=True):
            if target.is_auxiliary:
                continue
            known = column[~np.isnan(column)]
            is_number = target.kind == "regression"
            if len(known) and (is_number or len(np.unique(known)) > 1):
                continue
            seen = "one class only" if len(known) else "no label"
            needed = "one label is" if is_number else "two classes are"
            raise TargetError(
                f"The training rows hold {seen} of {target.name!r}; at least {needed} needed to "
                "learn from. Add rows, or use fewer folds."
            )


def number_groups(
    groups: npt.ArrayLike | None,
    others: npt.ArrayLike | None,
    *,
    counts: tuple[int, int],
) -> tuple[Groups, Groups]:
    """Number the groups of two tables together: a group has one number in both.

    Args:
        groups: The group of each row of the first table; None: rows stand by themselves.
        others: Those of the second table; None likewise, or where it has no rows.
        counts: The rows of either table.

    Raises:
        TargetError: If there are not as many groups as rows, or groups of one table alone.
    """
    rows, other_rows = counts
    check_paired("groups", groups, others, rows=other_rows)
    if groups is None:
        return np.arange(rows), np.arange(rows, rows + other_rows)
    given = [np.asarray(groups, dtype=object)]
    given.append(np.asarray([] if others is None else others, dtype=object))
    for found, count in zip(given, counts, strict=True):
        if found.shape != (count,):
            raise TargetError(f"There are {count} rows, and groups of {len(found)}.")
    codes = pd.factorize(np.concatenate(given), use_na_sentinel=False)[0].astype(np.int64)
    return codes[:rows], codes[rows:]


def check_paired(
    name: str, given: npt.ArrayLike | None, other: npt.ArrayLike | None, *, rows: int
) -> None:
    """Refuse what is told of the training rows, or of the validation rows, alone.

    A refit would learn from the others as if they had none.

    Args:
        name: What is told.
        given: Of the training rows.
        other: Of the validation rows.
        rows: How many validation rows there are.

    Raises:
        TargetError: If only one is given, and there are validation rows.
    """
    if rows and (given is None) != (other is None):
        known, lacking = ("training", "validation") if other is None else ("validation", "training")
        raise TargetError(
            f"The {known} rows have {name}, and the {lacking} rows have none; give those of both, "
            "or of neither: a fit learns from all of them in the end."
        )
