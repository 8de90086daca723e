"""TabM: many multi-layer perceptrons that share nearly all of their weights.

Gorishniy, Kotelnikov, Babenko (2024), "TabM: Advancing Tabular Deep Learning with
Parameter-Efficient Ensembling". The layers are those of BatchEnsemble: Wen, Tran, Ba (2020).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.estimator import NetworkEstimator
from yule_models.estimators.neural.network import Adoption, LayeredNetwork

__all__ = ["MemberLinear", "TabM", "TabmEstimator"]


class MemberLinear(nn.Module):
    """A dense layer that all members share, with an adapter of each around it.

    A member multiplies what comes in by its `r`, and what goes out by its `s`, and adds its bias.
    Both begin as ones, so that members begin alike.

    Args:
        members: Number of members.
        incoming: Units that come in.
        outgoing: Units that go out.
    """

    def __init__(self, members: int, incoming: int, outgoing: int) -> None:
        super().__init__()
        bound = incoming**-0.5
        self.weight = nn.Parameter(torch.empty(incoming, outgoing).uniform_(-bound, bound))
        self.r = nn.Parameter(torch.ones(members, incoming))
        self.s = nn.Parameter(torch.ones(members, outgoing))
        bias = torch.empty(outgoing).uniform_(-bound, bound)
        self.bias = nn.Parameter(bias.repeat(members, 1))

    def forward(self, units: Tensor) -> Tensor:
        """Return units of shape (n, members, outgoing).

        Args:
            units: Of shape (n, members, incoming), or (n, 1, incoming), the same for all members.
        """
        if units.shape[1] > 1:
            return torch.addcmul(self.bias, (units * self.r) @ self.weight, self.s)
        # What all members read goes through the layers of all in one product: a copy of the rows
        # for each member, of hundreds of features, would take most of the time.
        layers = self.r.T[:, :, None] * self.weight[:, None]
        through = (units[:, 0] @ layers.flatten(1)).reshape(len(units), *layers.shape[1:])
        return torch.addcmul(self.bias, through, self.s)


class TabM(LayeredNetwork):
    """Passes the embeddings of all features through the layers of all members side by side.

    Members differ at first by the signs of their first `r`: one for each feature, drawn at random.

    Args:
        embedding: What embeds the features; the members share it.
        outputs: Number of outputs.
        members: Number of members.
        width: Units of each dense layer.
        depth: Number of dense layers.
        dropout: Share of units dropped while training.
    """

    def __init__(
        self,
        embedding: FeatureEmbedding,
        *,
        outputs: int,
        members: int,
        width: int,
        depth: int,
        dropout: float,
    ) -> None:
        super().__init__(embedding)
        self.dropout = dropout
        sizes = [embedding.width, *[width] * depth]
        layers = [MemberLinear(members, *sizes) for sizes in pairwise(sizes)]
        signs = torch.randint(2, (members, embedding.features)) * 2.0 - 1.0
        layers[0].r = nn.Parameter(signs.repeat_interleave(embedding.size, dim=1))
        self.layers = nn.ModuleList(layers)
        bound = width**-0.5
        self.head_weight = nn.Parameter(
            torch.empty(members, width, outputs).uniform_(-bound, bound)
        )
        self.head_bias = nn.Parameter(torch.empty(members, outputs).uniform_(-bound, bound))

    def forward(self, positions: Tensor, standard: Tensor, codes: Tensor) -> Tensor:
        """Return scores of shape (n, members, outputs).

        Args:
            positions: See `FeatureEmbedding`.
            standard: Likewise.
            codes: Likewise.
        """
        units = self.units(positions, standard, codes)
        scores = torch.bmm(units.transpose(0, 1), self.head_weight).transpose(0, 1)
        return scores + self.head_bias

    def units(self, *inputs: Tensor) -> Tensor:
        """Return what the heads read, of shape (n, members, width); see `forward`."""
        units: Tensor = self.embedding(*inputs)[:, None]
        for layer in self.layers:
            units = self._dropped(torch.relu(layer(units)))
        return units

    def layers_of_trunk(self) -> list[nn.Module]:
        """Return the embedding, then the layers of all members."""
        return [self.embedding, *self.layers]

    def adopt(self, state: Mapping[str, Tensor], units: Adoption) -> None:
        """Take over the layers of another network; see `LayeredNetwork`."""
        for number, layer in enumerate(cast("Iterable[MemberLinear]", self.layers)):
            weight, r, s, bias = (
                state[f"layers.{number}.{name}"] for name in ("weight", "r", "s", "bias")
            )
            if number == 0:
                layer.weight[units.known] = weight[units.sources]
                layer.weight[units.new] = 0
                layer.r[:, units.known] = r[:, units.sources]
                lacking = (units.usual * r[:, units.lacking]) @ weight[units.lacking]
                bias = bias + lacking * s
            else:
                layer.weight.copy_(weight)
                layer.r.copy_(r)
            layer.s.copy_(s)
            layer.bias.copy_(bias)

    def _dropped(self, units: Tensor) -> Tensor:
        """Drop the same units of a row for all members: a draw for each takes the most time."""
        if not self.training or self.dropout == 0:
            return units
        kept = torch.rand(len(units), 1, units.shape[2], device=units.device) >= self.dropout
        return units * (kept.to(units.dtype) / (1 - self.dropout))


class TabmEstimator(NetworkEstimator):
    """An ensemble of perceptrons in one network (see `TabM`), all targets learned together.

    The members are trained each by its own loss, and predict together: the mean of their
    probabilities, or of their values.
    """

    KIND: ClassVar[str] = "tabm"
    HEADS: ClassVar[tuple[str, ...]] = ("head_weight", "head_bias")

    def _network(self, embedding: FeatureEmbedding, outputs: int) -> LayeredNetwork:
        return TabM(
            embedding,
            outputs=outputs,
            members=int(self.params["members"]),
            width=int(self.params["width"]),
            depth=int(self.params["depth"]),
            dropout=float(self.params["dropout"]),
        )
