"""Losses of several targets over one vector of scores, and the way back to predictions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from yule_models.targets import Target

__all__ = ["predictions_of", "target_losses"]


def target_losses(
    scores: Tensor, labels: Tensor, weights: Tensor, targets: Sequence[Target]
) -> list[Tensor]:
    """Return the weighted mean loss of each target; rows without a label do not count.

    Args:
        scores: Of shape (n, outputs).
        labels: Of shape (n, targets); NaN where there is none.
        weights: Of shape (n,).
        targets: The targets, whose outputs stand side by side.
    """
    losses, start = [], 0
    for position, target in enumerate(targets):
        own = scores[:, start : start + target.outputs]
        start += target.outputs
        known = ~torch.isnan(labels[:, position])
        wanted, weight = labels[known, position], weights[known]
        if target.kind == "multiclass":
            loss = functional.cross_entropy(own[known], wanted.long(), reduction="none")
        elif target.kind == "binary":
            loss = functional.binary_cross_entropy_with_logits(
                own[known, 0], wanted, reduction="none"
            )
        else:
            loss = functional.mse_loss(own[known, 0], wanted, reduction="none")
        losses.append((loss * weight).sum() / weight.sum().clamp_min(1e-12))
    return losses


def predictions_of(scores: Tensor, targets: Sequence[Target]) -> Tensor:
    """Return probabilities, or the scores themselves for numbers, of shape (n, outputs)."""
    outputs, start = [], 0
    for target in targets:
        own = scores[:, start : start + target.outputs]
        start += target.outputs
        if target.kind == "multiclass":
            own = torch.softmax(own, dim=1)
        elif target.kind == "binary":
            own = torch.sigmoid(own)
        outputs.append(own)
    return torch.cat(outputs, dim=1)
