"""Setting aside a part of a fold's own training rows, for early stopping."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.folds.hashing import entity_hashes
from yule_models.folds.rows import LabelledRows

__all__ = ["inner_split"]

Codes = npt.NDArray[np.int64]


def inner_split(labels: pa.Table, *, seed: int, share: float = 0.15) -> npt.NDArray[np.bool_]:
    """Choose whole entities by hash, about the same share of each class and at least one of it.

    Of each class of each target an entity stays in training, and another one is set aside where
    there is one; numbers are told apart from classes, and have one entity of any value there.

    Args:
        labels: The fold's training rows: entity_id, as_of, and one column per target.
        seed: Seed of the order in which entities are chosen.
        share: Share of the entities to set aside.

    Returns:
        True where the row is set aside.
    """
    rows = LabelledRows.of(labels)
    codes = rows.entity_codes
    firsts = np.unique(codes, return_index=True)[1]
    hashes = entity_hashes([rows.entities[row] for row in firsts], seed)
    position = np.lexsort((hashes, _rarest_strata(codes, rows.joint_strata)))
    # Evenly along the ordered strata: each has its part, and those of one entity add up to theirs.
    due = np.floor(np.arange(len(firsts) + 1) * share + 0.5)
    is_inner = np.zeros(len(firsts), dtype=np.bool_)
    is_inner[position] = np.diff(due) > 0
    _give_company(is_inner, hashes, sorted(_classes(rows), key=len))
    inner: npt.NDArray[np.bool_] = is_inner[codes]
    return inner


def _rarest_strata(entity_codes: Codes, strata: Codes) -> Codes:
    """Return for each entity the rarest stratum of its rows, by its code."""
    by_rarity = np.lexsort((strata, np.bincount(strata)[strata]))
    firsts = np.unique(entity_codes[by_rarity], return_index=True)[1]
    return strata[by_rarity[firsts]]


def _classes(rows: LabelledRows) -> Iterator[Codes]:
    """Yield the entities of each class of each target, and those with a label of each number."""
    for name, codes in rows.strata.items():
        classes = [
            np.unique(rows.entity_codes[codes == code]) for code in np.unique(codes[codes > 0])
        ]
        # More than two values that stand alone, all of them, are an amount.
        is_number = len(classes) > 2 and all(len(entities) == 1 for entities in classes)
        if name in rows.numbers or is_number:
            yield np.unique(rows.entity_codes[codes > 0])
        else:
            yield from classes


def _give_company(
    is_inner: npt.NDArray[np.bool_], hashes: npt.NDArray[np.uint64], classes: Sequence[Codes]
) -> None:
    """Move entities, as few as need be, until each class has one on either side, where it can."""
    classes = [entities[np.argsort(hashes[entities], kind="stable")] for entities in classes]
    for entities in classes:
        if is_inner[entities].all():
            is_inner[entities[-1]] = False
    for entities in classes:
        if is_inner[entities].any():
            continue
        is_free = np.ones(len(entities), dtype=np.bool_)
        for others in classes:
            left = others[~is_inner[others]]
            if len(left) == 1:
                is_free &= entities != left[0]
        is_inner[entities[is_free][:1]] = True
