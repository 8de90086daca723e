"""A multi-layer perceptron over embeddings of every feature.

Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data", and (2022), "On
Embeddings for Numerical Features in Tabular Deep Learning" (MLP-PLR without periodic features).
"""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor, nn

from yule_models.estimators.neural.embedding import FeatureEmbedding
from yule_models.estimators.neural.estimator import NetworkEstimator

__all__ = ["NeuralEstimator", "TabularMlp"]


class TabularMlp(nn.Module):
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
        super().__init__()
        self.embedding = embedding
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
        embedded = self.embedding(positions, standard, codes)
        scores: Tensor = self.head(self.trunk(embedded))
        return scores[:, None]


class NeuralEstimator(NetworkEstimator):
    """A multi-layer perceptron over embeddings (see `TabularMlp`), all targets learned together."""

    KIND: ClassVar[str] = "neural"
    FORMAT: ClassVar[int] = 2

    def _network(self, embedding: FeatureEmbedding, outputs: int) -> nn.Module:
        return TabularMlp(
            embedding,
            outputs=outputs,
            width=int(self.params["width"]),
            depth=int(self.params["depth"]),
            dropout=float(self.params["dropout"]),
        )
