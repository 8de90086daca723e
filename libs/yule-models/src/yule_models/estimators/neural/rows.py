"""Encoded rows as tensors."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

import torch
from torch import Tensor

__all__ = ["Events", "PaddedRows", "Rows", "SequenceRows"]


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
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in own.items() if isinstance(value, Tensor)}


@dataclass(frozen=True, kw_only=True)
class Events:
    """The events of n rows, those of a row one after another.

    Attributes:
        numbers: Of shape (events, numbers).
        codes: Of shape (events, categories).
        starts: Where each row's events begin, of shape (n,).
        lengths: How many each row has, of shape (n,).
    """

    numbers: Tensor
    codes: Tensor
    starts: Tensor
    lengths: Tensor

    def padded(self, rows: Tensor | slice, *, device: str) -> tuple[Tensor, Tensor, Tensor]:
        """Return some rows, as long as the longest of them.

        Returns:
            Numbers of shape (rows, longest, numbers), codes likewise, and the lengths. What is
            beyond the end of a row is 0.
        """
        lengths = self.lengths[rows]
        steps = torch.arange(max(1, int(lengths.max()) if len(lengths) else 1))
        is_there = steps < lengths[:, None]
        places = (self.starts[rows][:, None] + steps).clamp(max=max(0, len(self.numbers) - 1))
        numbers, codes = (
            values[places] * is_there[:, :, None]
            if len(values)
            else values.new_zeros(*places.shape, values.shape[1])
            for values in (self.numbers, self.codes)
        )
        return numbers.to(device), codes.to(device), lengths.to(device)


@dataclass(frozen=True, kw_only=True)
class SequenceRows(Rows):
    """Rows that have sequences of events too.

    Attributes:
        sequences: Each kind of events.
    """

    sequences: tuple[Events, ...]

    def batch(self, rows: Tensor | slice, *, device: str) -> PaddedRows:
        """Return some of the rows on a device, their sequences as long as the longest."""
        own = {name: tensor[rows].to(device) for name, tensor in self._tensors().items()}
        parts = [part for s in self.sequences for part in s.padded(rows, device=device)]
        return PaddedRows(**own, padded=tuple(parts))

    def digest(self) -> str:
        """Return the sha256 of everything."""
        found = hashlib.sha256(super().digest().encode())
        for events in self.sequences:
            for tensor in (events.numbers, events.codes, events.lengths):
                found.update(f"{tuple(tensor.shape)} {tensor.dtype}\n".encode())
                found.update(tensor.contiguous().numpy().data)
        return found.hexdigest()


@dataclass(frozen=True, kw_only=True)
class PaddedRows(Rows):
    """A batch of rows with sequences.

    Attributes:
        padded: Numbers, codes and lengths of each kind of events (see `Events.padded`).
    """

    padded: tuple[Tensor, ...]

    def inputs(self) -> tuple[Tensor, ...]:
        """Return what the network is given, in the order of its arguments."""
        return (*super().inputs(), *self.padded)
