"""Learning from features alone: some of a row are hidden, and guessed from the others.

Rubachev, Alekberov, Gorishniy, Babenko (2022), "Revisiting Pretraining Objectives for Tabular Deep
Learning" (reconstruction).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from yule_models.encoding.vocabulary import MISSING
from yule_models.estimators.neural.hardware import Hardware
from yule_models.estimators.neural.network import LayeredNetwork
from yule_models.estimators.neural.objective import EVALUATION_ROWS, Count, Objective, Told
from yule_models.estimators.neural.rows import Rows

__all__ = ["MaskedReconstruction"]

_HIDDEN = 0.3


class MaskedReconstruction(Objective):
    """Guesses hidden features: standardised numbers by their squared error, categories by entropy.

    A hidden feature looks as one that is missing; what is missing anyway is not asked for.

    Args:
        network: What is trained; its `units` are read by one decoder for all members.
        numeric: Number of numeric features.
        sizes: Number of codes of each categorical feature.
        width: Units that the decoder reads.
        hardware: Where, and in which precision.
    """

    def __init__(
        self,
        network: LayeredNetwork,
        *,
        numeric: int,
        sizes: Sequence[int],
        width: int,
        hardware: Hardware,
    ) -> None:
        super().__init__(network, hardware)
        self.numeric, self.sizes = numeric, list(sizes)
        self.decoder = nn.Linear(width, numeric + sum(sizes))

    def forward(self, batch: Rows, count: Count | None = None) -> tuple[Tensor, Tensor]:
        """Return the mean loss over what is hidden in this batch, twice."""
        if count is None or count.hidden is None:
            loss = self._loss(batch, self._drawn(len(batch)))
        else:
            loss = self._loss(batch, count.hidden) * count.losses.to(batch.weights.device)[0]
        return loss, loss.detach()[None]

    def counts(self, rows: Rows, parts: Sequence[Tensor]) -> Sequence[Count]:
        """Return shares of the features that are asked for; drawn as for the whole batch."""
        number = sum(map(len, parts))
        hidden = torch.split(self._drawn(number), [len(part) for part in parts])
        asked = torch.stack(
            [
                torch.cat(self._asked(rows.positions[part], rows.codes[part], own), dim=1).sum()
                for part, own in zip(parts, hidden, strict=True)
            ]
        )
        shares = asked / asked.sum().clamp_min(1)
        return [
            Count(rows=len(part) / number, losses=share[None], is_known=asked.sum() > 0, hidden=own)
            for part, share, own in zip(parts, shares, hidden, strict=True)
        ]

    def tell(self, losses: Sequence[float]) -> Told:
        """Name the loss."""
        return _told("train", losses[0])

    @torch.no_grad()
    def judge(self, rows: Rows) -> Told:
        """Return the mean loss over the same hidden features each time."""
        drawing = torch.Generator().manual_seed(0)
        total = 0.0
        for start in range(0, len(rows), EVALUATION_ROWS):
            batch = rows.batch(slice(start, start + EVALUATION_ROWS), device=self.hardware.device)
            shape = (len(batch), self.numeric + len(self.sizes))
            hidden = torch.rand(shape, generator=drawing) < _HIDDEN
            total += float(self._loss(batch, hidden)) * len(batch)
        return _told("inner", total / len(rows))

    def _loss(self, batch: Rows, hidden: Tensor) -> Tensor:
        hidden = hidden.to(batch.weights.device)
        numbers, categories = hidden[:, : self.numeric], hidden[:, self.numeric :]
        positions, standard, codes, *others = batch.inputs()
        asked_numbers, asked_categories = self._asked(positions, codes, hidden)
        with self.hardware.precision():
            units = self.network.units(
                positions.masked_fill(numbers, torch.nan),
                standard.masked_fill(numbers, 0),
                codes.masked_fill(categories, MISSING),
                *others,
            )
            guesses = self.decoder(units.mean(dim=1))
        guesses = guesses.float()
        losses = [
            functional.mse_loss(guesses[:, : self.numeric], standard, reduction="none")[
                asked_numbers
            ]
        ]
        parts = guesses[:, self.numeric :].split(self.sizes, dim=1) if self.sizes else ()
        for position, guess in enumerate(parts):
            asked = asked_categories[:, position]
            wanted = codes[asked, position].long()
            losses.append(functional.cross_entropy(guess[asked], wanted, reduction="none"))
        found = torch.cat(losses)
        return found.sum() / max(len(found), 1)

    def _drawn(self, rows: int) -> Tensor:
        return torch.rand((rows, self.numeric + len(self.sizes))) < _HIDDEN

    def _asked(self, positions: Tensor, codes: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Return which numbers and which categories are guessed: hidden ones that are known."""
        numbers, categories = hidden[:, : self.numeric], hidden[:, self.numeric :]
        return numbers & ~torch.isnan(positions), categories & (codes != MISSING)


def _told(part: str, loss: float) -> Told:
    return Told(loss=loss, values={f"pretraining/{part}/loss": loss})
