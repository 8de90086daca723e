"""Parameters that several kinds of networks have. Nothing here loads a model library."""

from __future__ import annotations

from yule_models.parameter_choice import Choice
from yule_models.parameters import Parameter
from yule_models.search_range import SearchRange

__all__ = ["TRANSFER", "encoding", "layers", "learning"]


def layers(*, width: int, widths: tuple[int, int], dropout: float) -> dict[str, Parameter | Choice]:
    """Return what perceptrons look like, with the defaults of a kind and the widths to search."""
    low, high = widths
    return {
        "width": Parameter(
            default=width,
            doc="Units of a layer.",
            minimum=1,
            search=SearchRange(low=low, high=high, is_log=True),
        ),
        "depth": Parameter(
            default=2,
            doc="Number of layers.",
            minimum=1,
            maximum=32,
            search=SearchRange(low=1, high=4),
        ),
        **encoding(dropout=dropout),
    }


def encoding(*, dropout: float) -> dict[str, Parameter | Choice]:
    """Return how networks take features in, with the dropout of a kind."""
    return {
        "dropout": Parameter(
            default=dropout,
            doc="Share of units dropped.",
            maximum=0.95,
            search=SearchRange(low=0, high=0.6),
        ),
        "embedding": Parameter(default=8, doc="Size of a feature's embedding.", minimum=1),
        "bins": Parameter(default=48, doc="Bins of a number's encoding.", minimum=1, maximum=256),
    }


def learning(
    *, rate: float, decay: float, rows: int, epochs: int, patience: int
) -> dict[str, Parameter | Choice]:
    """Return how networks learn, with the defaults of a kind."""
    return {
        "learning_rate": Parameter(
            default=rate,
            doc="Of AdamW.",
            is_above_minimum=True,
            maximum=1,
            search=SearchRange(low=3e-4, high=1e-2, is_log=True),
        ),
        "weight_decay": Parameter(
            default=decay,
            doc="Of AdamW.",
            maximum=10,
            search=SearchRange(low=1e-5, high=0.1, is_log=True),
        ),
        "batch_rows": Parameter(default=rows, doc="Rows of a step.", minimum=1),
        "micro_batch_rows": Parameter(
            default=0,
            doc="Rows of a step that are in memory at once; their gradients are added up, and the "
            "step is that of the whole batch. 0: all.",
        ),
        "epochs": Parameter(default=epochs, doc="Most passes over the rows.", minimum=1),
        "patience": Parameter(
            default=patience, doc="Passes without a better inner loss to stop after.", minimum=1
        ),
        "loss_weights": Choice(
            default="given",
            others=("learned",),
            doc="How the losses of several targets are weighed: as the case says, or learned by "
            "their uncertainty.",
        ),
        "auxiliary": Parameter(
            default=True, doc="Whether the auxiliary targets of the case are learned too."
        ),
        "gpu": Parameter(
            default=False, doc="Whether to train on a GPU, in bfloat16, instead of the CPU."
        ),
    }


TRANSFER: dict[str, Parameter | Choice] = {
    "pretraining_epochs": Parameter(
        default=0,
        doc="Passes over the rows, with labels or without, in which features are guessed from "
        "the others, before labels are learned.",
    ),
    "transfer": Choice(
        default="fine-tune",
        others=("gradual", "frozen"),
        doc="What of a trunk that the model starts from, or has pretrained, learns on: all of "
        "it; one more layer each epoch; or nothing, only the heads.",
    ),
}
"""How networks use what was learned before."""
