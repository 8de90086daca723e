import numpy as np
from yule_models.folds.dealing import deal, entity_strata


def test_items_are_dealt_in_the_order_of_their_hashes_within_a_stratum() -> None:
    strata = np.array([0, 0, 0, 1, 1])
    hashes = np.array([30, 10, 20, 5, 4])
    # Stratum 0 by hash: items 1, 2, 0; stratum 1 goes on: items 4, 3.
    assert deal(strata, hashes, folds=2).tolist() == [0, 0, 1, 0, 1]


def test_an_entity_belongs_to_its_rarest_stratum() -> None:
    entities = np.array([0, 0, 1, 1, 2])
    strata = np.array([7, 8, 7, 7, 7])
    rare, common, other = entity_strata(entities, strata)
    assert common == other != rare
