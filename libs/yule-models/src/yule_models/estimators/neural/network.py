"""A multi-layer perceptron over embeddings of every feature.

Gorishniy et al. (2021), "Revisiting Deep Learning Models for Tabular Data", and (2022), "On
Embeddings for Numerical Features in Tabular Deep Learning" (MLP-PLR without periodic features).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = ["TabularMlp"]


class TabularMlp(nn.Module):
    """Embeds each feature by itself, then passes all embeddings through dense layers.

    Args:
        numeric: Number of numeric features.
        numeric_width: Numbers that encode one numeric feature.
        sizes: Number of codes of each categorical feature.
        outputs: Number of outputs.
        embedding: Size of each feature's embedding.
        width: Units of each dense layer.
        depth: Number of dense layers.
        dropout: Share of units dropped while training.
    """

    def __init__(
        self,
        *,
        numeric: int,
        numeric_width: int,
        sizes: Sequence[int],
        outputs: int,
        embedding: int,
        width: int,
        depth: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.numeric_weight = nn.Parameter(torch.empty(numeric, numeric_width, embedding))
        self.numeric_bias = nn.Parameter(torch.zeros(numeric, embedding))
        nn.init.normal_(self.numeric_weight, std=numeric_width**-0.5)
        self.categories = nn.ModuleList(nn.Embedding(size, embedding) for size in sizes)
        layers: list[nn.Module] = []
        incoming = (numeric + len(sizes)) * embedding
        for _ in range(depth):
            layers += [nn.Linear(incoming, width), nn.ReLU(), nn.Dropout(dropout)]
            incoming = width
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Linear(incoming, outputs)

    def forward(self, numbers: Tensor, codes: Tensor) -> Tensor:
        """Return scores of shape (n, outputs).

        Args:
            numbers: Encoded numbers, of shape (n, numeric, numeric_width).
            codes: Codes of categories, of shape (n, categorical).
        """
        # One product for each feature; einsum would first copy the rows into another order.
        embedded = torch.bmm(numbers.transpose(0, 1), self.numeric_weight).transpose(0, 1)
        parts = [torch.relu(embedded + self.numeric_bias).flatten(1)]
        parts += [layer(codes[:, position]) for position, layer in enumerate(self.categories)]
        scores: Tensor = self.head(self.trunk(torch.cat(parts, dim=1)))
        return scores
