"""Dealing rows or entities to folds like cards, class by class."""

import numpy as np
import numpy.typing as npt

__all__ = ["deal", "entity_strata"]


def deal(
    strata: npt.NDArray[np.int64], *order: npt.NDArray[np.generic], folds: int
) -> npt.NDArray[np.int32]:
    """Sort each stratum by the given orders and deal its items round robin.

    The dealing goes on where the stratum before it ended, so that the sizes of folds differ by one
    item at most, over all and within each stratum.

    Args:
        strata: Stratum of each item.
        order: What an item is sorted by within its stratum, most important first.
        folds: Number of folds.

    Returns:
        The fold of each item.
    """
    position = np.lexsort((*reversed(order), strata))
    dealt = np.empty(len(strata), dtype=np.int32)
    dealt[position] = np.arange(len(strata), dtype=np.int32) % folds
    return dealt


def entity_strata(
    entity_codes: npt.NDArray[np.int64], strata: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Give every entity one stratum, of all its rows' strata the rarest.

    So an entity that was positive once counts as positive.

    Returns:
        The stratum of each entity, by its code.
    """
    _, codes, counts = np.unique(strata, return_inverse=True, return_counts=True)
    rarity = np.lexsort((np.arange(len(counts)), counts))
    rank = np.empty_like(rarity)
    rank[rarity] = np.arange(len(counts))
    rarest = np.full(int(entity_codes.max()) + 1, len(counts), dtype=np.int64)
    np.minimum.at(rarest, entity_codes, rank[codes.reshape(-1)])
    return rarest
