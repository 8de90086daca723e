"""How labelled rows are divided into folds, as a value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from yule_models.folds.errors import FoldError

__all__ = ["FoldScheme", "SchemeKind"]

SchemeKind = Literal["auto", "stratified", "grouped", "forward"]


@dataclass(frozen=True, kw_only=True)
class FoldScheme:
    """A rule that divides labelled rows into folds.

    Attributes:
        kind: `stratified` deals the rows of each class to the folds, and takes one row of each
            entity; `grouped` deals whole entities, `forward` validates each period by a model of
            strictly earlier rows. `auto` is forward where there is more than one `as_of`, else
            stratified.
        folds: The number of folds; for an unresolved forward scheme, the most there may be.
        horizon_s: How long after its `as_of` a row's label is settled, in seconds. Only a forward
            scheme uses it, and cannot do without.
        gap_s: How long before a validation the last row that its model learns from is described, at
            least, in seconds; None: the horizon, so that labels were settled by then. A longer one
            stands for the time that passes before a model is used. Only a forward scheme has one.
        repeats: How often the rows are divided anew, so that each has as many out-of-fold
            predictions. A forward scheme has one.
        first_repeat: The number of the first of these repeats, from 0 on: repeat 3 is the same,
            whether or not those before it are dealt too.
    """

    kind: SchemeKind = "auto"
    folds: int = 5
    horizon_s: int | None = None
    gap_s: int | None = None
    repeats: int = 1
    first_repeat: int = 0

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            FoldError: If one of them is impossible.
        """
        if self.kind not in get_args(SchemeKind):
            kinds = ", ".join(get_args(SchemeKind))
            raise FoldError(f"There is no fold scheme {self.kind!r}; choose one of {kinds}.")
        if self.folds < 1 or (self.folds < 2 and self.kind in {"stratified", "grouped"}):
            least = 2 if self.kind in {"stratified", "grouped"} else 1
            raise FoldError(f"A {self.kind} scheme needs {least} or more folds, got {self.folds}.")
        if self.horizon_s is not None and self.horizon_s < 0:
            raise FoldError(f"The horizon of the labels cannot be negative, got {self.horizon_s}.")
        if self.repeats < 1 or self.first_repeat < 0:
            raise FoldError(
                "Rows are divided at least once: repeats must be 1 or more, got "
                f"{self.repeats}, and first_repeat 0 or more, got {self.first_repeat}."
            )
        if self.kind == "forward" and self.first_repeat + self.repeats > 1:
            raise FoldError(
                f"A forward scheme cannot be repeated, got {self.repeats} repeats: time alone "
                "decides which fold validates a row, so that each repeat would be the same. Leave "
                "repeats out, or choose grouped folds, which say less of the future.",
                field="repeats",
            )
        self._check_gap()

    def _check_gap(self) -> None:
        if self.gap_s is None:
            return
        if self.kind in {"stratified", "grouped"}:
            raise FoldError(
                f"A {self.kind} scheme pays no regard to time, and has no gap: leave the gap out, "
                "or choose the scheme forward, for rows that are described at several times.",
                field="gap",
            )
        if self.gap_s < (self.horizon_s or 0):
            raise FoldError(
                f"The gap is {_days(self.gap_s)}, and labels look {_days(self.horizon_s or 0)} "
                "ahead: a model would learn from labels that were settled only after its "
                f"validation had begun. Make the gap at least {_days(self.horizon_s or 0)}, or "
                "leave it out.",
                field="gap",
            )

    @property
    def least_gap_s(self) -> int:
        """The seconds between a row that is learned from and a validation, at least."""
        return self.gap_s if self.gap_s is not None else self.horizon_s or 0

    @classmethod
    def of(cls, value: FoldScheme | Mapping[str, Any]) -> FoldScheme:
        """Build a scheme from its JSON form; a scheme stays as it is.

        Raises:
            FoldError: If a key is unknown, or a value impossible.
        """
        if isinstance(value, FoldScheme):
            return value
        known = [field.name for field in dataclasses.fields(cls)]
        for key in value:
            if key not in known:
                raise FoldError(f"A fold scheme has no {key!r}; it has {', '.join(known)}.")
        return cls(**value)

    def to_json(self) -> dict[str, Any]:
        """Return the scheme as JSON, as `of` takes it.

        A single repeat goes without saying, and so does a gap that is the horizon.
        """
        more = {"gap_s": self.gap_s, "repeats": self.repeats, "first_repeat": self.first_repeat}
        usual = {"gap_s": (None, self.horizon_s), "repeats": (1,), "first_repeat": (0,)}
        said = {name: value for name, value in more.items() if value not in usual[name]}
        return {"kind": self.kind, "folds": self.folds, "horizon_s": self.horizon_s, **said}

    def of_repeat(self, repeat: int) -> FoldScheme:
        """Return the scheme that deals one of the repeats, counted from 0, by itself."""
        return dataclasses.replace(self, repeats=1, first_repeat=self.first_repeat + repeat)


def _days(seconds: int) -> str:
    return f"{seconds / 86400:g} days"
