"""How much the loss of each target counts where several are learned together."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from yule_models.targets import Target

__all__ = ["GivenWeights", "LearnedWeights", "weighing_of"]


class GivenWeights(nn.Module):
    """The sum of the losses, each times the weight that its target was given.

    Args:
        targets: The targets.
    """

    weights: Tensor

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__()
        weights = torch.tensor([target.weight for target in targets])
        self.register_buffer("weights", weights, persistent=False)

    def forward(self, losses: Tensor, is_known: Tensor, *, part: float = 1.0) -> Tensor:
        """Return one loss.

        Args:
            losses: Of shape (targets,).
            is_known: Whether the batch has a label of each target, of that shape.
            part: The share of the batch whose losses these are.
        """
        del is_known, part  # the loss of a target without labels is 0
        return (losses * self.weights).sum()


class LearnedWeights(GivenWeights):
    """Weights the losses by the uncertainty of each target, which is learned with the network.

    Kendall, Gal, Cipolla (2018), "Multi-Task Learning Using Uncertainty to Weigh Losses", with
    log-variances as they recommend (section 3.3): a loss that stays large, since its target is
    noisy, comes to count less. The weights that targets were given count on top.
    """

    halves: Tensor

    def __init__(self, targets: Sequence[Target]) -> None:
        super().__init__(targets)
        self.log_variances = nn.Parameter(torch.zeros(len(targets)))
        # The likelihood of a number has the squared error halved; that of a class, its entropy.
        halves = torch.tensor([0.5 if target.kind == "regression" else 1.0 for target in targets])
        self.register_buffer("halves", halves, persistent=False)

    def forward(self, losses: Tensor, is_known: Tensor, *, part: float = 1.0) -> Tensor:
        """Return one loss; see `GivenWeights`. A target without labels learns no variance."""
        own = losses * self.halves * torch.exp(-self.log_variances)
        terms = own + self.log_variances / 2 * part
        return (terms * self.weights * is_known).sum()


def weighing_of(targets: Sequence[Target], *, is_learned: bool) -> GivenWeights:
    """Return what weighs the losses; a single target is never weighed against itself."""
    return LearnedWeights(targets) if is_learned and len(targets) > 1 else GivenWeights(targets)
