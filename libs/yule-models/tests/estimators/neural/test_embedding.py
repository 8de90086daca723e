import math

import torch
from yule_models.estimators.neural.embedding import FeatureEmbedding, fillings


def test_a_position_fills_the_bins_below_it() -> None:
    found = fillings(torch.tensor([[0.0], [0.5], [1.25], [3.0]]), 3)
    assert found[:, 0].tolist() == [[0, 0, 0], [0.5, 0, 0], [1, 0.25, 0], [1, 1, 1]]


def test_each_code_of_each_feature_has_a_vector_of_its_own() -> None:
    embedding = FeatureEmbedding(numeric=0, bins=2, sizes=[2, 3], size=4)
    codes = torch.tensor([[0, 0], [1, 2]], dtype=torch.int32)
    none = torch.zeros(2, 0)
    found = embedding(none, none, codes)
    table = embedding.categories.weight
    assert torch.equal(found[0], torch.cat([table[0], table[2]]))
    assert torch.equal(found[1], torch.cat([table[1], table[4]]))


def test_a_missing_number_is_told_by_its_indicator_alone() -> None:
    embedding = FeatureEmbedding(numeric=1, bins=2, sizes=[], size=3)
    missing, zero = torch.tensor([[math.nan]]), torch.zeros(1, 1)
    no_codes = torch.zeros(1, 0, dtype=torch.int32)
    found = embedding(missing, zero, no_codes)
    assert torch.equal(found, torch.relu(embedding.numeric_weight[0, 2])[None])
    assert torch.equal(embedding(zero, zero, no_codes), torch.zeros(1, 3))
