"""Trees scored by columns: each looks up which leaves its value leaves possible.

After Lucchese et al. (2015), "QuickScorer: A Fast Algorithm to Rank Documents with Additive
Ensembles of Regression Trees". There a split that fails masks leaves out; here all splits of a tree
by one column are one table, from the bin of the value to the leaves that remain, so that the masks
of all columns leave one leaf. Scores are sums of the same leaves in the same order as LightGBM's,
and so the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from yule_models.estimators.gbdt.tree_text import Tree

__all__ = ["LeafMasks"]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_BLOCK_ROWS = 16_384
_MOST_LEAVES = 64
_MULTIPLIERS = {32: 0x077CB531, 64: 0x03F79D71B4CB0A89}
"""De Bruijn sequences: their products with different single bits differ in the highest digits."""
_MOST_LOOKUPS = 24
"""Columns of a tree, on average, above which LightGBM is as quick by itself."""


@dataclass(frozen=True, kw_only=True)
class _Bins:
    """The bins of a column; the last is that of missing values.

    Attributes:
        edges: Of numbers: the upper ends of all bins but the last two; None of categories.
        count: Bins of values that are there.
    """

    edges: Floats | None
    count: int

    def codes(self, column: Floats) -> Places:
        """Return the bin of each value."""
        is_missing = np.isnan(column)
        if self.edges is None:
            is_other = is_missing | (column < 0) | (column >= self.count)
            return np.where(is_other, self.count, column).astype(np.intp)
        codes = np.searchsorted(self.edges, column)
        codes[is_missing] = self.count
        return codes


@dataclass(frozen=True, kw_only=True)
class LeafMasks:
    """A booster as tables.

    Attributes:
        bins: Of each column that is split.
        tables: For each tree, by column, the mask of leaves of each bin, one bit a leaf.
        values: For each tree the values of its leaves, where the product of their bit points to.
        outputs: Trees are added up in turns for so many outputs.
    """

    bins: dict[int, _Bins]
    tables: Sequence[Sequence[tuple[int, npt.NDArray[np.unsignedinteger]]]]
    values: Sequence[Floats]
    outputs: int

    @classmethod
    def of(cls, trees: Sequence[Tree], *, outputs: int) -> Self | None:
        """Build the tables; None where trees have linear leaves, too many, or too many columns."""
        leaves = max((len(tree.values) for tree in trees), default=0)
        if not leaves or leaves > _MOST_LEAVES or any(tree.is_linear for tree in trees):
            return None
        if np.mean([len(np.unique(tree.features)) for tree in trees]) > _MOST_LOOKUPS:
            return None
        width = 32 if leaves <= 32 else 64
        splits = _Splits.of(trees)
        tables: list[list[tuple[int, npt.NDArray[np.unsignedinteger]]]] = [[] for _ in trees]
        bins = {}
        for column in np.unique(splits.features).tolist():
            chosen = np.flatnonzero(splits.features == column)
            bins[column], goes_left = splits.decide(chosen)
            masks = np.where(goes_left, splits.if_left[chosen, None], splits.if_right[chosen, None])
            starts = np.flatnonzero(np.diff(splits.trees[chosen], prepend=-1))
            joined = np.bitwise_and.reduceat(masks, starts, axis=0).astype(f"u{width // 8}")
            for tree, table in zip(splits.trees[chosen[starts]].tolist(), joined, strict=True):
                tables[tree].append((column, table))
        values = [_by_product(tree.values, width) for tree in trees]
        return cls(bins=bins, tables=tables, values=values, outputs=outputs)

    def scores(self, matrix: Floats, *, threads: int) -> Floats:
        """Return the raw scores of rows, of shape (n, outputs)."""
        scores = np.zeros((self.outputs, len(matrix)))
        rows = max(1, min(_BLOCK_ROWS, -(-len(matrix) // threads)))
        blocks = [slice(start, start + rows) for start in range(0, len(matrix), rows)]
        if threads == 1:
            for block in blocks:
                self._add(matrix[block], scores[:, block])
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda block: self._add(matrix[block], scores[:, block]), blocks))
        return scores.T

    def _add(self, matrix: Floats, scores: Floats) -> None:
        """Add all trees to the scores of a block of rows, of shape (outputs, n)."""
        codes = {column: bins.codes(matrix[:, column]) for column, bins in self.bins.items()}
        count, bits = len(matrix), self._bits()
        multiplier, shift = bits.type(_MULTIPLIERS[bits.itemsize * 8]), _shift(bits.itemsize * 8)
        mask, other = np.empty(count, bits), np.empty(count, bits)
        places, found = np.empty(count, np.intp), np.empty(count)
        for number, (tables, values) in enumerate(zip(self.tables, self.values, strict=True)):
            total = scores[number % self.outputs]
            if not tables:  # a tree without a split
                total += values[0]
                continue
            for turn, (column, table) in enumerate(tables):
                # All codes are in bounds; `clip` is what spares numpy a buffer.
                np.take(table, codes[column], out=other if turn else mask, mode="clip")
                if turn:
                    np.bitwise_and(mask, other, out=mask)
            np.multiply(mask, multiplier, out=mask)
            np.right_shift(mask, bits.type(shift), out=mask)
            places[:] = mask
            np.take(values, places, out=found, mode="clip")
            np.add(total, found, out=total)

    def _bits(self) -> np.dtype[np.unsignedinteger]:
        return next((t[0][1].dtype for t in self.tables if t), np.dtype(np.uint32))


@dataclass(frozen=True, kw_only=True)
class _Splits:
    """All splits of all trees, tree by tree.

    Attributes:
        trees: The tree of each.
        features: Its column.
        thresholds: As those of `Tree`.
        is_categorical: Likewise.
        sends_missing_left: Likewise.
        categories: The codes that go left; empty for numbers.
        if_left: The leaves that remain possible where a row goes left.
        if_right: Where it goes right.
    """

    trees: Places
    features: npt.NDArray[np.int64]
    thresholds: Floats
    is_categorical: npt.NDArray[np.bool_]
    sends_missing_left: npt.NDArray[np.bool_]
    categories: Sequence[npt.NDArray[np.bool_]]
    if_left: npt.NDArray[np.uint64]
    if_right: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, trees: Sequence[Tree]) -> Self:
        """Join the splits."""
        remaining = [_remaining(tree) for tree in trees]
        none = np.empty(0, np.bool_)
        return cls(
            trees=np.repeat(np.arange(len(trees)), [len(tree.features) for tree in trees]),
            features=np.concatenate([tree.features for tree in trees]),
            thresholds=np.concatenate([tree.thresholds for tree in trees]),
            is_categorical=np.concatenate([tree.is_categorical for tree in trees]),
            sends_missing_left=np.concatenate([tree.sends_missing_left for tree in trees]),
            categories=[
                tree.categories[int(threshold)] if is_categorical else none
                for tree in trees
                for is_categorical, threshold in zip(
                    tree.is_categorical, tree.thresholds, strict=True
                )
            ],
            if_left=np.concatenate([left for left, _ in remaining]),
            if_right=np.concatenate([right for _, right in remaining]),
        )

    def decide(self, chosen: Places) -> tuple[_Bins, npt.NDArray[np.bool_]]:
        """Return the bins of a column, and for each of its splits the bins that go left."""
        if self.is_categorical[chosen[0]]:
            codes = [self.categories[split] for split in chosen.tolist()]
            bins = _Bins(edges=None, count=max(map(len, codes)))
            goes_left = np.zeros((len(chosen), bins.count + 1), np.bool_)
            for row, own in zip(goes_left, codes, strict=True):
                row[: len(own)] = own  # a missing category is none of those that go left
            return bins, goes_left
        edges = np.unique(self.thresholds[chosen])
        bins = _Bins(edges=edges, count=len(edges) + 1)
        bounds = np.searchsorted(edges, self.thresholds[chosen])
        goes_left = np.arange(bins.count + 1) <= bounds[:, None]
        goes_left[:, -1] = self.sends_missing_left[chosen]
        return bins, goes_left


def _remaining(tree: Tree) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return for each split the leaves that are possible where a row goes left, or right."""
    count = len(tree.features)
    every = (1 << (count + 1)) - 1
    below = [0] * count
    if_left, if_right = np.empty(count, np.uint64), np.empty(count, np.uint64)
    for split in range(count - 1, -1, -1):
        left, right = (
            1 << ~child if child < 0 else below[child]
            for child in (int(tree.left[split]), int(tree.right[split]))
        )
        below[split] = left | right
        if_left[split], if_right[split] = every ^ right, every ^ left
    return if_left, if_right


def _by_product(values: Floats, width: int) -> Floats:
    """Put the value of each leaf where the product of its bit points to."""
    if len(values) == 1:
        return values
    placed = np.zeros(width)
    for leaf, value in enumerate(values.tolist()):
        product = (_MULTIPLIERS[width] << leaf) & ((1 << width) - 1)
        placed[product >> _shift(width)] = value
    return placed


def _shift(width: int) -> int:
    """Return how far to shift a product, so that as many digits are left as number the bits."""
    return width - (width.bit_length() - 1)
