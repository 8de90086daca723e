"""Encoded rows as tensors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

import torch
from torch import Tensor

__all__ = ["Rows"]


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a network is told of n rows, as little of it as says everything.

    Attributes:
        positions: Positions of the numbers among their bins, of shape (n, numeric); NaN: missing.
        standard: The standardised numbers, of that shape.
        codes: Codes of categories, of shape (n, categorical).
        labels: Of shape (n, targets); NaN where there is none.
        weights: Of shape (n,).
    """

    positions: Tensor
    standard: Tensor
    codes: Tensor
    labels: Tensor
    weights: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self) -> tuple[Tensor, ...]:
        """Return what the network is given, in the order of its arguments."""
        return self.positions, self.standard, self.codes

    def batch(self, rows: Tensor | slice, *, device: str) -> Rows:
        """Return some of the rows on a device."""
        return Rows(**{name: tensor[rows].to(device) for name, tensor in self._tensors().items()})

    def and_unlabelled(self, inputs: Mapping[str, Tensor]) -> Rows:
        """Return these rows, and below them others without labels, of weight 1.

        Args:
            inputs: What the network is given of the others, by name.
        """
        count = len(next(iter(inputs.values())))
        targets = self.labels.shape[1]
        others = {
            **inputs,
            "labels": torch.full((count, targets), torch.nan),
            "weights": torch.ones(count),
        }
        tensors = self._tensors().items()
        return Rows(**{name: torch.cat([tensor, others[name]]) for name, tensor in tensors})

    def digest(self) -> str:
        """Return the sha256 of everything."""
        found = hashlib.sha256()
        for name, tensor in self._tensors().items():
            found.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
            found.update(tensor.contiguous().numpy().data)
        return found.hexdigest()

    def _tensors(self) -> dict[str, Tensor]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
