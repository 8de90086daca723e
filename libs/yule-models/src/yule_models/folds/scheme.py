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
    """

    kind: SchemeKind = "auto"
    folds: int = 5
    horizon_s: int | None = None

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
        """Return the scheme as JSON, as `of` takes it."""
        return dataclasses.asdict(self)
