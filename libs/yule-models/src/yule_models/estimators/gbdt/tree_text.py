"""Trees in LightGBM's text, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["END_OF_TREES", "Tree", "read_trees"]

END_OF_TREES = "\nend of trees\n"
_NAN = 2
"""LightGBM's number of "a missing value is a NaN"; of other kinds a NaN counts as 0."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A tree of n splits and n + 1 leaves; the children of a split have higher numbers than it.

    Attributes:
        features: Column of each split, of shape (n,).
        thresholds: Of a number: values up to it go left. Of a category: which of `categories`.
        decisions: LightGBM's bits: 1 of a category; 2 where missing values go left; from 4 on the
            kind of missing values.
        left: The split to the left, or the complement of a leaf.
        right: Likewise to the right.
        values: Value of each leaf, of shape (n + 1,).
        categories: For each split by categories which codes go left, as booleans.
        is_linear: Whether leaves hold linear models.
    """

    features: Ints
    thresholds: npt.NDArray[np.float64]
    decisions: Ints
    left: Ints
    right: Ints
    values: npt.NDArray[np.float64]
    categories: tuple[npt.NDArray[np.bool_], ...]
    is_linear: bool

    @property
    def is_categorical(self) -> npt.NDArray[np.bool_]:
        """Which splits are by categories."""
        return np.asarray((self.decisions & 1) == 1)

    @property
    def sends_missing_left(self) -> npt.NDArray[np.bool_]:
        """Which splits by numbers send a NaN to the left."""
        is_own = (self.decisions >> 2) == _NAN
        return np.where(is_own, (self.decisions & 2) == 2, self.thresholds >= 0)


def read_trees(text: str) -> Iterator[Tree]:
    """Read the trees of a booster's text, in the order in which they are added up."""
    for part in text.partition(END_OF_TREES)[0].split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in part.splitlines() if "=" in line)
        yield _tree(fields)


def _tree(fields: dict[str, str]) -> Tree:
    def numbers(name: str, dtype: Any) -> npt.NDArray[Any]:
        return np.array(fields.get(name, "").split(), dtype=dtype)

    bounds = numbers("cat_boundaries", np.int64)
    words = numbers("cat_threshold", np.uint64).astype("<u4")
    return Tree(
        features=numbers("split_feature", np.int64),
        thresholds=numbers("threshold", np.float64),
        decisions=numbers("decision_type", np.int64),
        left=numbers("left_child", np.int64),
        right=numbers("right_child", np.int64),
        values=numbers("leaf_value", np.float64),
        categories=tuple(
            np.unpackbits(words[start:end].view(np.uint8), bitorder="little").astype(np.bool_)
            for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        ),
        is_linear=fields.get("is_linear", "0") != "0",
    )
