"""Features that may know the outcome: what the leak sentinel found, and what the catalogue says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from mushroom import LateColumn

__all__ = ["FeatureScore", "TargetLeaks", "leak_warnings", "suspects_of"]

_MOST_NAMES = 5
_MEASURES = {"binary": "AUC", "multiclass": "macro AUC", "regression": "c-index"}


@dataclass(frozen=True, kw_only=True)
class FeatureScore:
    """How well one feature alone orders the outcomes of rows that it was not learned from.

    Attributes:
        feature: Its name.
        score: The AUC, of classes its mean over them; of a number that is predicted, the c-index.
            0.5 tells nothing.
    """

    feature: str
    score: float


@dataclass(frozen=True, kw_only=True)
class TargetLeaks:
    """What the sentinel found of one target.

    Attributes:
        kind: The target's kind.
        features: How many features were scored.
        ranking: The most telling ones, the first on top.
        suspects: Names of those that lead all others suspiciously: the first of the ranking.
        lead: By how much the last suspect, or else the first feature, leads the next; None where
            there was nothing to compare.
        margin: From where on a lead is suspicious.
    """

    kind: str
    features: int
    ranking: tuple[FeatureScore, ...]
    suspects: tuple[str, ...]
    lead: float | None
    margin: float

    @property
    def measure(self) -> str:
        """What the scores are called among people."""
        return _MEASURES[self.kind]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """Read the JSON of one target that `yule_models.FindLeaks` stores."""
        return cls(
            kind=found["kind"],
            features=found["features"],
            ranking=tuple(FeatureScore(**row) for row in found["ranking"]),
            suspects=tuple(found["suspects"]),
            lead=found["lead"],
            margin=found["margin"],
        )


def suspects_of(
    targets: Mapping[str, TargetLeaks], late: Sequence[LateColumn] = ()
) -> tuple[str, ...]:
    """Return all names that a person should look at, each once."""
    names = [name for found in targets.values() for name in found.suspects]
    return tuple(dict.fromkeys([*names, *(column.name for column in late)]))


def leak_warnings(
    targets: Mapping[str, TargetLeaks], late: Sequence[LateColumn] = ()
) -> Iterator[tuple[str, str]]:
    """Say whom to look at: the target or the column, and a sentence; nothing without suspects."""
    for name, found in targets.items():
        if found.suspects:
            yield name, _warning(found)
    for column in late:
        yield column.name, column.reason


def _warning(found: TargetLeaks) -> str:
    count = len(found.suspects)
    first, last = found.ranking[0].score, found.ranking[count - 1].score
    scores = f"{first:.3f}" if count == 1 else f"{last:.3f} to {first:.3f}"
    following = found.ranking[count]
    more = count - _MOST_NAMES
    names = ", ".join(found.suspects[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")
    verb, those, it = ("foretells", "this", "it") if count == 1 else ("foretell", "these", "they")
    out = "it" if count == 1 else "them"
    return (
        f"{names} alone {verb} far more than the rest: {found.measure} {scores}, and "
        f"{following.score:.3f} the next, {following.feature}. If {those} cannot be known at "
        f"`as_of`, leave {out} out, or say by `known_at` in the catalogue when {it} can; if {it} "
        "can, the scores are as good as they look."
    )
