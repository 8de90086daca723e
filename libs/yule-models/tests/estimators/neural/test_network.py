import pytest
import torch
from yule_models.estimators.neural.network import TabularMlp


@pytest.mark.parametrize(("numeric", "sizes"), [(3, [4, 2]), (3, []), (0, [4, 2])])
def test_any_mix_of_features_gives_a_score_for_each_output(numeric: int, sizes: list[int]) -> None:
    network = TabularMlp(
        numeric=numeric,
        numeric_width=6,
        sizes=sizes,
        outputs=5,
        embedding=8,
        width=16,
        depth=2,
        dropout=0.1,
    )
    codes = torch.tensor([[size - 1 for size in sizes]] * 7).reshape(7, len(sizes)).long()
    assert network(torch.rand(7, numeric, 6), codes).shape == (7, 5)
