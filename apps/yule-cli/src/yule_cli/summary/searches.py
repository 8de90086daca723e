"""What searches for parameters tried, and what they chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yule_cli.summary.amounts import format_count

__all__ = ["SEARCH_HEADS", "ModelSearch", "Trial", "search_remarks", "search_rows"]

SEARCH_HEADS = ("Fold", "Trial", "Loss, of a constant's", "Parameters", "")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Parameters that were tried on a fold.

    Attributes:
        fold: The fold.
        number: Number of the trial; 0 tries the defaults.
        params: The parameters that are searched.
        loss: On the rows that the fold's training sets aside, as a share of that of a constant;
            None where the fit failed.
        failure: Why it failed, or None.
        is_chosen: Whether the fold's model has these parameters.
    """

    fold: int
    number: int
    params: Mapping[str, float]
    loss: float | None
    failure: str | None
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class ModelSearch:
    """The search of one model.

    Attributes:
        model: Its name.
        trials: Those of all folds, in order.
    """

    model: str
    trials: tuple[Trial, ...]

    @classmethod
    def of(cls, model: str, by_fold: Mapping[int, Mapping[str, Any]]) -> ModelSearch:
        """Read the `search.json` of each fold's fit."""
        trials = tuple(
            Trial(
                fold=fold,
                number=trial["number"],
                params=trial["params"],
                loss=trial["loss"],
                failure=trial["failure"],
                is_chosen=trial["number"] == found["chosen"],
            )
            for fold, found in sorted(by_fold.items())
            for trial in found["trials"]
        )
        return cls(model=model, trials=trials)


def search_remarks(searches: Sequence[ModelSearch]) -> Iterator[tuple[str, str]]:
    """Say of each model how many trials there were, what they gained, and what was chosen."""
    for search in searches:
        chosen = [trial for trial in search.trials if trial.is_chosen]
        defaults = {trial.fold: trial.loss for trial in search.trials if trial.number == 0}
        tried = format_count(len(search.trials) // len(chosen), "trial")
        pairs = [
            (before, trial.loss)
            for trial in chosen
            if (before := defaults[trial.fold]) is not None and trial.loss is not None
        ]
        kept = sum(trial.number == 0 for trial in chosen)
        gain, stayed = "", f", and the defaults stayed on {kept} of them" if kept else ""
        if kept == len(chosen):
            gain = " found nothing that beats the defaults by more than luck would"
            stayed = ""
        elif pairs:
            before, after = (sum(losses) / len(pairs) for losses in zip(*pairs, strict=True))
            gain = (
                f" lowered the loss of the defaults from {before:.4f} to {after:.4f} of a "
                "constant's, on rows set aside within the folds' training"
            )
        yield (
            search.model,
            f"{tried} on each of {format_count(len(chosen), 'fold')}{gain}{stayed}. "
            f"Chosen: {', '.join(_spans(chosen))}.",
        )


def search_rows(search: ModelSearch) -> list[tuple[str, ...]]:
    """Return the trials under `SEARCH_HEADS`, fold by fold, the best first."""
    ordered = sorted(
        search.trials,
        key=lambda trial: (trial.fold, trial.loss is None, trial.loss or 0.0, trial.number),
    )
    return [
        (
            str(trial.fold),
            str(trial.number),
            "" if trial.loss is None else f"{trial.loss:.4f}",
            ", ".join(f"{name} {value:g}" for name, value in trial.params.items()),
            "chosen" if trial.is_chosen else trial.failure or "",
        )
        for trial in ordered
    ]


def _spans(chosen: Sequence[Trial]) -> Iterator[str]:
    for name in chosen[0].params:
        values = [trial.params[name] for trial in chosen]
        low, high = min(values), max(values)
        yield f"{name} {low:g}" if low == high else f"{name} {low:g} to {high:g}"
