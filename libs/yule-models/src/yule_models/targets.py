"""What is to be predicted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from yule_models.errors import TargetError

__all__ = ["Target", "TargetKind", "predicted"]

TargetKind = Literal["binary", "multiclass", "regression"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One column of labels.

    Attributes:
        name: Name of the column.
        kind: What its values are.
        classes: Of a multiclass target, its labels in the order of the outputs; else None.
        weight: What its loss counts in models that learn several targets together, above 0.
        is_auxiliary: Whether it is only there to help such models learn the others. Nobody predicts
            it.
    """

    name: str
    kind: TargetKind = "binary"
    classes: tuple[Any, ...] | None = None
    weight: float = 1.0
    is_auxiliary: bool = False

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            TargetError: If one of them is impossible.
        """
        if self.kind not in get_args(TargetKind):
            kinds = ", ".join(get_args(TargetKind))
            raise TargetError(f"There is no kind of target {self.kind!r}; choose one of {kinds}.")
        if (self.kind == "multiclass") != (self.classes is not None):
            raise TargetError(
                f"The {self.kind} target {self.name!r} has the classes {self.classes}; a "
                "multiclass target needs classes, and no other kind has them."
            )
        if self.classes is not None and (
            len(self.classes) < 2 or len(set(self.classes)) < len(self.classes)
        ):
            raise TargetError(
                f"The target {self.name!r} needs at least two different classes, got "
                f"{self.classes}."
            )
        if not (self.weight > 0 and math.isfinite(self.weight)):
            raise TargetError(
                f"The weight of the target {self.name!r} must be a finite number above 0, got "
                f"{self.weight}."
            )

    @property
    def outputs(self) -> int:
        """Number of predicted columns: one, or one for each class."""
        return len(self.classes) if self.classes is not None else 1

    def to_json(self) -> dict[str, Any]:
        """Return the target as JSON, as `of` takes it."""
        classes = None if self.classes is None else list(self.classes)
        found: dict[str, Any] = {"name": self.name, "kind": self.kind, "classes": classes}
        if self.weight != 1:
            found["weight"] = self.weight
        if self.is_auxiliary:
            found["auxiliary"] = True
        return found

    def alone(self) -> Target:
        """Return the target without what it is among others: for models that learn it by itself."""
        return replace(self, weight=1.0, is_auxiliary=False)

    @classmethod
    def of(cls, value: Any) -> Target:
        """Build a target from its JSON form; a target stays as it is."""
        if isinstance(value, Target):
            return value
        classes: Sequence[Any] | None = value.get("classes")
        return cls(
            name=value["name"],
            kind=value["kind"],
            classes=None if classes is None else tuple(classes),
            weight=value.get("weight", 1.0),
            is_auxiliary=value.get("auxiliary", False),
        )


def predicted(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Return the targets that are predicted: all but auxiliary ones."""
    return tuple(target for target in targets if not target.is_auxiliary)
