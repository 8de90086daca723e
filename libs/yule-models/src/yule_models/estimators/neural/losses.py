"""Losses of several targets over the scores of members, and the way back to predictions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from yule_models.targets import Target

__all__ = ["SMALLEST_WEIGHT", "combined", "member_losses", "predictions_of", "target_losses"]

SMALLEST_WEIGHT = 1e-12
"""What the weights of no rows are taken for: their loss is 0."""


def member_losses(
    scores: Tensor, labels: Tensor, weights: Tensor, targets: Sequence[Target]
) -> list[Tensor]:
    """Return the loss of each target, the mean over members of what each would lose alone.

    Args:
        scores: Of shape (n, members, outputs).
        labels: Of shape (n, targets); NaN where there is none.
        weights: Of shape (n,).
        targets: The targets, whose outputs stand side by side.
    """
    members = scores.shape[1]
    return target_losses(
        scores.flatten(0, 1),
        labels.repeat_interleave(members, dim=0),
        weights.repeat_interleave(members),
        targets,
    )


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
    losses = []
    for position, (target, own) in enumerate(_by_target(scores, targets)):
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
        losses.append((loss * weight).sum() / weight.sum().clamp_min(SMALLEST_WEIGHT))
    return losses


def combined(scores: Tensor, targets: Sequence[Target]) -> Tensor:
    """Return scores of shape (n, outputs) that mean what the members predict together.

    Args:
        scores: Of shape (n, members, outputs).
        targets: The targets.
    """
    if scores.shape[1] == 1:
        return scores[:, 0]
    outputs = []
    for target, own in _by_target(scores, targets):
        if target.kind == "multiclass":
            outputs.append(torch.log_softmax(own, dim=2).logsumexp(dim=1))
        elif target.kind == "binary":
            hits, misses = (functional.logsigmoid(sign * own) for sign in (1, -1))
            outputs.append(hits.logsumexp(dim=1) - misses.logsumexp(dim=1))
        else:
            outputs.append(own.mean(dim=1))
    return torch.cat(outputs, dim=1)


def predictions_of(scores: Tensor, targets: Sequence[Target]) -> Tensor:
    """Return probabilities, or the scores themselves for numbers, of shape (n, outputs)."""
    outputs = []
    for target, own in _by_target(scores, targets):
        if target.kind == "multiclass":
            outputs.append(torch.softmax(own, dim=1))
        elif target.kind == "binary":
            outputs.append(torch.sigmoid(own))
        else:
            outputs.append(own)
    return torch.cat(outputs, dim=1)


def _by_target(scores: Tensor, targets: Sequence[Target]) -> Iterator[tuple[Target, Tensor]]:
    start = 0
    for target in targets:
        yield target, scores[..., start : start + target.outputs]
        start += target.outputs
