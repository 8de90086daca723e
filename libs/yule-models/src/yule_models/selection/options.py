"""How features are selected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from yule_models.errors import YuleModelsError

__all__ = ["SelectionError", "SelectionOptions"]


class SelectionError(YuleModelsError, ValueError):
    """A selection names what is not there, or leaves nothing."""


@dataclass(frozen=True, kw_only=True)
class SelectionOptions:
    """The steps of a selection, in the order in which they are taken; None leaves a step out.

    Attributes:
        include: Patterns of the columns to keep, as `purchases.*`, or names of features, for all
            their columns; empty: all.
        exclude: Patterns or names likewise, of columns to remove.
        missing_above: Largest share of missing values.
        same_above: Largest share of the most frequent value, missing ones left out: a column of
            little variance, whatever its scale.
        correlated_above: Largest absolute rank correlation with a number that is kept; of two, the
            one that stands first in the table is.
        importance_top: How many features to keep, by their mean gain in boosted trees over parts of
            the training rows.
        null_importance_above: Share of fits to shuffled labels in which a feature must have gained
            less than from the true ones.
        null_rounds: Number of such fits.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    missing_above: float | None = None
    same_above: float | None = None
    correlated_above: float | None = None
    importance_top: int | None = None
    null_importance_above: float | None = None
    null_rounds: int = 20

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """Read the JSON form."""
        lists = {name: tuple(value.get(name) or ()) for name in ("include", "exclude")}
        return cls(**{**value, **lists})

    def to_json(self) -> dict[str, Any]:
        """Return the options as JSON, as `of` takes them."""
        return {**asdict(self), "include": list(self.include), "exclude": list(self.exclude)}
