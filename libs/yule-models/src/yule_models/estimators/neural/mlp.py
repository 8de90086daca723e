"""A multi-layer perceptron over embeddings of every feature.

Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data", and (2022), "On
Embeddings for Numerical Features in Tabular Deep Learning" (MLP-PLR without periodic features).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn

from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.estimator import NetworkEstimator
from yule_models.estimators.neural.network import Adoption, LayeredNetwork

__all__ = ["NeuralEstimator", "TabularMlp"]


class TabularMlp(LayeredNetwork):
    """Passes the embeddings of all features through dense layers.

    Args:
        embedding: What embeds the features.
        outputs: Number of outputs.
        width: Units of each dense layer.
        depth: Number of dense layers.
        dropout: Share of units dropped while training.
    """

    def __init__(
        self, embedding: FeatureEmbedding, *, outputs: int, width: int, depth: int, dropout: float
    ) -> None:
        super().__init__(embedding)
        layers: list[nn.Module] = []
        incoming = embedding.width
        for _ in range(depth):
            layers += [nn.Linear(incoming, width), nn.ReLU(), nn.Dropout(dropout)]
            incoming = width
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Linear(incoming, outputs)

    def forward(self, positions: Tensor, standard: Tensor, codes: Tensor) -> Tensor:
        """Return scores of shape (n, 1, outputs): those of one member.

        Args:
            positions: See `FeatureEmbedding`.
            standard: Likewise.
            codes: Likewise.
        """
        scores: Tensor = self.head(self.units(positions, standard, codes))
        return scores

    def units(self, *inputs: Tensor) -> Tensor:
        """Return what the head reads, of shape (n, 1, width); see `forward`."""
        found: Tensor = self.trunk(self.embedding(*inputs))
        return found[:, None]

    def layers_of_trunk(self) -> list[nn.Module]:
        """Return the embedding, then the dense layers."""
        return [self.embedding, *(layer for layer in self.trunk if isinstance(layer, nn.Linear))]

    def adopt(self, state: Mapping[str, Tensor], units: Adoption) -> None:
        """Take over the dense layers of another network; see `LayeredNetwork`."""
        layers = {n: layer for n, layer in enumerate(self.trunk) if isinstance(layer, nn.Linear)}
        for number, layer in layers.items():
            weight, bias = (state[f"trunk.{number}.{name}"] for name in ("weight", "bias"))
            if number == 0:
                layer.weight[:, units.known] = weight[:, units.sources]
                layer.weight[:, units.new] = 0
                bias = bias + weight[:, units.lacking] @ units.usual
            else:
                layer.weight.copy_(weight)
            layer.bias.copy_(bias)


class NeuralEstimator(NetworkEstimator):
    """A multi-layer perceptron over embeddings (see `TabularMlp`), all targets learned together."""

    KIND: ClassVar[str] = "neural"
    FORMAT: ClassVar[int] = 2
    HEADS: ClassVar[tuple[str, ...]] = ("head.weight", "head.bias")

    def _network(self, embedding: FeatureEmbedding, outputs: int) -> LayeredNetwork:
        return TabularMlp(
            embedding,
            outputs=outputs,
            width=int(self.params["width"]),
            depth=int(self.params["depth"]),
            dropout=float(self.params["dropout"]),
        )
