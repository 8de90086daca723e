"""What there is to say of a run that repeats another."""

from __future__ import annotations

from yule_cli.summary.model import Repetition

__all__ = ["repetition_sentence"]


def repetition_sentence(repetition: Repetition) -> str:
    """Say which run is repeated, and whether the predictions are the same.

    >>> repetition_sentence(Repetition(run_id="shop-1", has_same_predictions=True))
    'repeats shop-1: the same predictions, byte for byte'
    """
    outcomes = {
        True: ": the same predictions, byte for byte",
        False: ": other predictions",
        None: "",
    }
    return f"repeats {repetition.run_id}{outcomes[repetition.has_same_predictions]}"
