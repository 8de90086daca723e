"""Features that are removed for what they are, without a look at labels."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from yule_models.encoding.columns import FeatureColumns
from yule_models.selection.options import SelectionError

__all__ = ["correlated", "matching", "mostly_missing", "mostly_same"]

_CORRELATED_ROWS, _CORRELATED_CELLS, _LEAST_ROWS = 10_000, 20_000_000, 1_000


def matching(names: Sequence[str], patterns: Sequence[str], *, field: str) -> set[str]:
    """Return the names that match a pattern, or belong to a feature of that name.

    Args:
        names: Columns: `<feature>` or `<feature>.<what>`.
        patterns: As the shell's: `*` and `?`, and `[ab]`.
        field: What an error calls the patterns.

    Raises:
        SelectionError: If a pattern matches nothing.
    """
    found: set[str] = set()
    for pattern in patterns:
        own = {
            name
            for name in names
            if name == pattern
            or name.startswith(f"{pattern}.")
            or fnmatch.fnmatchcase(name, pattern)
        }
        if not own:
            known = sorted({*names, *(name.partition(".")[0] for name in names)})
            near = difflib.get_close_matches(pattern, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known[:10])}."
            raise SelectionError(
                f"`select.{field}` names {pattern!r}, which is no feature; {advice}"
            )
        found |= own
    return found


def mostly_missing(features: pd.DataFrame, limit: float) -> dict[str, str]:
    """Return why columns are removed of which a larger share is missing, by name."""
    return {
        name: f"missing in {share:.1%} of the training rows"
        for name in features.columns
        if (share := float(_is_missing(features[name]).mean())) > limit
    }


def mostly_same(features: pd.DataFrame, limit: float) -> dict[str, str]:
    """Return why columns are removed of which one value has a larger share, or there is none."""
    removed = {}
    for name in features.columns:
        known = features[name][~_is_missing(features[name])]
        if not len(known):
            removed[name] = "without any value in the training rows"
            continue
        counts = known.value_counts()
        share = float(counts.iloc[0] / len(known))
        if share > limit or len(counts) == 1:
            removed[name] = f"the same value in {share:.1%} of the training rows that have one"
    return removed


def correlated(features: pd.DataFrame, columns: FeatureColumns, limit: float) -> dict[str, str]:
    """Return why numbers are removed that tell nearly what an earlier one tells.

    Correlations are of ranks, over at most 10,000 rows evenly apart, and fewer of more than
    2,000 columns; a missing value has the middle rank.
    """
    names = list(columns.numeric)
    most = max(min(_CORRELATED_ROWS, _CORRELATED_CELLS // max(len(names), 1)), _LEAST_ROWS)
    rows = features.iloc[:: -(-len(features) // most)]
    ranks = np.empty((len(rows), len(names)))
    kept: list[str] = []
    removed = {}
    for name in names:
        own = _ranks(columns.numbers_of(rows, name))
        # Rounded, since the last bits depend on the threads of a matrix product.
        found = np.abs(ranks[:, : len(kept)].T @ own).round(9)
        if len(found) and found.max() > limit:
            partner = kept[int(found.argmax())]
            removed[name] = f"its ranks correlate by {found.max():.3f} with those of {partner}"
        else:
            ranks[:, len(kept)] = own
            kept.append(name)
    return removed


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ranks with mean 0 and length 1; zeros where all are equal."""
    ranks = pd.Series(values).rank().to_numpy(dtype=np.float64)
    centred = ranks - np.nanmean(ranks) if np.isfinite(ranks).any() else np.zeros(len(ranks))
    centred = np.where(np.isnan(centred), 0.0, centred)
    length = float(np.sqrt((centred**2).sum()))
    return centred / length if length else centred


def _is_missing(column: pd.Series[Any]) -> pd.Series[Any]:
    is_missing = column.isna()
    if pd.api.types.is_float_dtype(column.dtype):
        is_missing |= np.isinf(column.to_numpy(dtype=np.float64, na_value=np.nan))
    return is_missing
