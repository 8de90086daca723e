import pytest
import torch
from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.tabm import MemberLinear, TabM


def network(*, members: int = 3, dropout: float = 0.0, outputs: int = 2) -> TabM:
    torch.manual_seed(0)
    embedding = FeatureEmbedding(numeric=2, bins=4, sizes=[3], size=5)
    return TabM(embedding, outputs=outputs, members=members, width=8, depth=2, dropout=dropout)


def rows(count: int = 6) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    numbers = torch.linspace(0, 4, 2 * count).reshape(count, 2)
    return numbers, numbers / 4, torch.zeros(count, 1, dtype=torch.int32)


@pytest.mark.parametrize("read", [2, 1])
def test_a_layer_is_a_matrix_for_all_between_the_factors_of_each_member(read: int) -> None:
    layer = MemberLinear(2, 3, 4)
    with torch.no_grad():
        for factors in (layer.r, layer.s, layer.bias):
            factors.normal_()
    units = torch.rand(5, read, 3)
    found = layer(units)
    for member, own in enumerate(units.expand(5, 2, 3).unbind(1)):
        weight = layer.r[member][:, None] * layer.weight * layer.s[member]
        torch.testing.assert_close(found[:, member], own @ weight + layer.bias[member])


def test_what_all_members_read_is_not_copied_for_each() -> None:
    layer, units = MemberLinear(16, 300, 8), torch.rand(200, 1, 300, requires_grad=True)
    sizes: list[int] = []

    def note(kept: torch.Tensor) -> torch.Tensor:
        sizes.append(kept.numel())
        return kept

    with torch.autograd.graph.saved_tensors_hooks(note, lambda kept: kept):
        layer(units)
    assert max(sizes) <= units.numel()


def test_members_begin_with_one_sign_for_each_feature_and_are_alike_in_all_else() -> None:
    first, second = network(members=64).layers
    signs = first.r.reshape(64, 3, 5)
    assert torch.equal(signs, signs[:, :, :1].expand(-1, -1, 5))
    assert set(signs.flatten().tolist()) == {-1, 1}
    assert len(set(map(tuple, signs[:, :, 0].tolist()))) == 8
    for ones in (first.s, second.r, second.s):
        assert torch.equal(ones, torch.ones_like(ones))
    for bias in (first.bias, second.bias):
        assert torch.equal(bias, bias[:1].expand(64, -1))


def test_each_member_is_a_network_of_its_own() -> None:
    both = network()
    before = both(*rows())
    assert before.shape == (6, 3, 2)
    assert not torch.allclose(before[:, 0], before[:, 1])
    with torch.no_grad():
        both.layers[1].s[1] *= 2
        both.head_bias[1] += 1
    changed = (both(*rows()) != before).any(dim=2).any(dim=0)
    assert changed.tolist() == [False, True, False]


def test_dropout_leaves_the_mean_as_it_is_and_prediction_alone() -> None:
    torch.manual_seed(1)
    dropping = network(dropout=0.5)
    units = torch.ones(4000, 3, 8)
    found = dropping._dropped(units)
    assert set(found.unique().tolist()) == {0, 2}
    assert abs(float(found.mean()) - 1) < 0.02
    assert torch.equal(found[:, 0], found[:, 1])
    dropping.eval()
    assert dropping._dropped(units) is units
