"""Each feature as a vector of its own.

Gorishniy, Rubachev, Babenko (2022), "On Embeddings for Numerical Features in Tabular Deep
Learning".
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = ["FeatureEmbedding", "fillings"]


def fillings(positions: Tensor, bins: int) -> Tensor:
    """Return how far each bin is filled, the piecewise-linear encoding (section 3.2).

    Args:
        positions: Positions among the bins, of shape (n, numeric).
        bins: Number of bins.

    Returns:
        Numbers from 0 to 1, of shape (n, numeric, bins).
    """
    starts = torch.arange(bins, dtype=positions.dtype, device=positions.device)
    return (positions[:, :, None] - starts).clamp(0, 1)


class FeatureEmbedding(nn.Module):
    """Embeds numbers by their encoding, and categories by their codes.

    Args:
        numeric: Number of numeric features.
        bins: Bins of a numeric feature.
        sizes: Number of codes of each categorical feature.
        size: Size of each feature's embedding.
    """

    first_codes: Tensor

    def __init__(self, *, numeric: int, bins: int, sizes: Sequence[int], size: int) -> None:
        super().__init__()
        self.features, self.size, self.bins = numeric + len(sizes), size, bins
        # The bins, whether the number is missing, and the standardised number itself.
        width = bins + 2
        self.numeric_weight = nn.Parameter(torch.empty(numeric, width, size))
        self.numeric_bias = nn.Parameter(torch.zeros(numeric, size))
        nn.init.normal_(self.numeric_weight, std=width**-0.5)
        self.categories = nn.Embedding(sum(sizes), size)
        firsts = torch.tensor([0, *sizes]).cumsum(0)[:-1]
        self.register_buffer("first_codes", firsts, persistent=False)

    @property
    def width(self) -> int:
        """Numbers that describe a row."""
        return self.features * self.size

    def forward(self, positions: Tensor, standard: Tensor, codes: Tensor) -> Tensor:
        """Return the embeddings side by side, of shape (n, width).

        Args:
            positions: Positions of the numbers among their bins, of shape (n, numeric); NaN where
                missing.
            standard: The standardised numbers, of that shape.
            codes: Codes of categories, of shape (n, categorical).
        """
        missing = torch.isnan(positions)
        filled = fillings(positions.masked_fill(missing, 0), self.bins)
        numbers = torch.cat(
            [filled, missing.to(filled.dtype)[:, :, None], standard[:, :, None]], dim=2
        )
        # One product for each feature; einsum would first copy the rows into another order.
        embedded = torch.bmm(numbers.transpose(0, 1), self.numeric_weight).transpose(0, 1)
        parts = [torch.relu(embedded + self.numeric_bias).flatten(1)]
        if codes.shape[1]:
            parts.append(self.categories(codes + self.first_codes).flatten(1))
        return torch.cat(parts, dim=1)
