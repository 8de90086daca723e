"""Setting aside a part of a fold's own training rows, for early stopping."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from yule_models.folds.dealing import entity_strata
from yule_models.folds.hashing import entity_hashes
from yule_models.folds.rows import LabelledRows

__all__ = ["inner_split"]


def inner_split(labels: pa.Table, *, seed: int, share: float = 0.15) -> npt.NDArray[np.bool_]:
    """Choose whole entities by hash, the same share of each class and at least one of it.

    A class with a single entity stays in training.

    Args:
        labels: The fold's training rows: entity_id, as_of, and one column per target.
        seed: Seed of the order in which entities are chosen.
        share: Share of each class's entities to set aside.

    Returns:
        True where the row is set aside.
    """
    rows = LabelledRows.of(labels)
    codes = rows.entity_codes
    firsts = np.unique(codes, return_index=True)[1]
    hashes = entity_hashes([rows.entities[row] for row in firsts], seed)
    strata = entity_strata(codes, rows.joint_strata)
    is_inner = np.zeros(len(firsts), dtype=np.bool_)
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        taken = min(max(1, round(share * len(members))), len(members) - 1)
        is_inner[members[np.argsort(hashes[members], kind="stable")[:taken]]] = True
    inner: npt.NDArray[np.bool_] = is_inner[codes]
    return inner
