import pytest
import torch
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.mlp import TabularMlp


@pytest.mark.parametrize(("numeric", "sizes"), [(3, [4, 2]), (3, []), (0, [4, 2])])
def test_any_mix_of_features_gives_a_score_for_each_output(numeric: int, sizes: list[int]) -> None:
    embedding = FeatureEmbedding(numeric=numeric, bins=4, sizes=sizes, size=8)
    network = TabularMlp(embedding, outputs=5, width=16, depth=2, dropout=0.1)
    codes = torch.tensor([[size - 1 for size in sizes]] * 7).reshape(7, len(sizes)).int()
    numbers = torch.rand(7, numeric)
    assert network(numbers, numbers, codes).shape == (7, 1, 5)
