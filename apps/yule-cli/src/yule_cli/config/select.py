"""The section `select` of a case file: which of the features models are given."""

from typing import Any

from pydantic import Field

from yule_cli.config.fields import Section

__all__ = ["Select"]


class Select(Section):
    """Which features models are given; what looks at rows looks at a fold's training rows alone."""

    include: list[str] = Field(
        default_factory=list,
        description="Features to keep, by name, or patterns of columns such as "
        "`purchases.*.count`; all by default.",
    )
    exclude: list[str] = Field(
        default_factory=list, description="Features to leave out, or patterns likewise."
    )
    missing_above: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="Largest share of missing values of a column that is kept.",
    )
    same_above: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Largest share of a column's most frequent value, missing ones left out; 1 "
        "leaves out constant columns alone.",
    )
    correlated_above: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Largest absolute rank correlation of two numbers that are both kept; the "
        "first one is.",
    )
    null_importance_above: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Share of fits to shuffled labels in which a column must gain less than from "
        "the true ones (null importance).",
    )
    null_rounds: int = Field(
        default=20, ge=1, le=500, description="Number of fits to shuffled labels."
    )
    importance_top: int | None = Field(
        default=None,
        ge=1,
        description="How many columns to keep, by their mean gain over parts of the training rows.",
    )

    def steps(self) -> dict[str, Any] | None:
        """Return the options of `yule_models.SelectFeatures`, or None where nothing is asked."""
        found = self.model_dump()
        return found if found != Select().model_dump() else None
