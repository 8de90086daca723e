"""What each model learned from, where that is more than the labels of what it predicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from yule_cli.summary.amounts import format_count

__all__ = ["ModelLearning", "StartFacts", "learning_remarks"]

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class StartFacts:
    """The trunk that a model started from.

    Attributes:
        sha256: Of its file.
        origin: What it was trained on.
        known: How many features of the case it knows.
        new: Features that it does not know.
        lacking: Features that it knows, and the case has not.
    """

    sha256: str
    origin: Mapping[str, Any]
    known: int
    new: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ModelLearning:
    """What one model learned from on its last fold.

    Attributes:
        model: Its name.
        labels: By target, how many labels it learned from.
        auxiliary: The targets that only helped.
        start: What it started from, or None.
    """

    model: str
    labels: Mapping[str, int]
    auxiliary: tuple[str, ...] = ()
    start: StartFacts | None = None

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Self:
        """Read the `summary.json` of a fit."""
        targets, start = summary["targets"], summary["start"]
        return cls(
            model=summary["model"],
            labels={name: found["labels"] for name, found in targets.items()},
            auxiliary=tuple(name for name, found in targets.items() if found["auxiliary"]),
            start=None
            if start is None
            else StartFacts(
                sha256=start["sha256"],
                origin=start["origin"],
                known=len(start["known"]),
                new=tuple(start["new"]),
                lacking=tuple(start["lacking"]),
            ),
        )


def learning_remarks(models: Sequence[ModelLearning]) -> Iterator[tuple[str, str]]:
    """Yield a sentence for each model that had help, with the model's name."""
    for model in models:
        if model.auxiliary:
            helped = ", ".join(_labels(model, name) for name in model.auxiliary)
            own = ", ".join(
                _labels(model, name) for name in model.labels if name not in model.auxiliary
            )
            yield model.model, f"Learned {own} with the help of {helped}."
        if model.start is not None:
            yield model.model, _start_sentence(model.start)


def _labels(model: ModelLearning, name: str) -> str:
    return f"{name} ({format_count(model.labels[name], 'label')})"


def _start_sentence(start: StartFacts) -> str:
    origin = start.origin
    learned = ", ".join(origin.get("targets", ())) or "what is not said"
    of = f" of the case {origin['case']}" if "case" in origin else ""
    known = format_count(start.known, "feature")
    sentence = (
        f"Started from the trunk {start.sha256[:12]}{of}, which had learned {learned}. It knows "
        f"{known} of {start.known + len(start.new)}"
    )
    if start.new:
        sentence += f"; new to it: {_some(start.new)}"
    if start.lacking:
        sentence += f"; it knows and misses: {_some(start.lacking)}"
    return f"{sentence}."


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
