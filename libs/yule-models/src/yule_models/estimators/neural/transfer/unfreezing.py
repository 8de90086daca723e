"""Which layers learn in an epoch, where a network starts from a trunk."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

__all__ = ["TRANSFERS", "unfreezing"]

TRANSFERS = ("fine-tune", "gradual", "frozen")


def unfreezing(transfer: str, layers: Sequence[nn.Module]) -> Callable[[int], None] | None:
    """Return what is to be called before each epoch, with its number from 1 on.

    Args:
        transfer: `fine-tune`: all learn from the beginning. `frozen`: the heads alone do.
            `gradual`: they do so in the first epoch, and in each one after it one more layer from
            the top does, the embedding last (Howard and Ruder, 2018, "Universal Language Model
            Fine-tuning for Text Classification", section 3.3).
        layers: What the heads stand on, from the bottom up.
    """
    if transfer == "fine-tune":
        return None

    def unfreeze(epoch: int) -> None:
        learning = 0 if transfer == "frozen" else epoch - 1
        for height, layer in enumerate(reversed(layers)):
            layer.requires_grad_(height < learning)

    return unfreeze
