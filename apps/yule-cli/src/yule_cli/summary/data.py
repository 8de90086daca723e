"""What there is to know of the rows that models learned from, and of those that were scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from yule_cli.summary.amounts import format_count

__all__ = ["FeatureFacts", "RowFacts", "remarks"]

_MOST_NAMES = 3


@dataclass(frozen=True, kw_only=True)
class FeatureFacts:
    """What one feature found.

    Attributes:
        unknown_rows: Rows of which its table knows nothing at their time.
        not_finite: How often a row of its table with a NaN or an infinite number was seen.
    """

    unknown_rows: int
    not_finite: int


@dataclass(frozen=True, kw_only=True)
class RowFacts:
    """What is odd about some rows.

    Attributes:
        rows: How many there are.
        unknown_rows: Those of which no feature's table knows anything at their time.
        features: What each feature found, by name.
        constant_columns: Columns with one value in all rows.
        missing_columns: Columns without any value.
    """

    rows: int
    unknown_rows: int
    features: Mapping[str, FeatureFacts]
    constant_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]

    @classmethod
    def of(cls, description: Mapping[str, Any]) -> Self:
        """Read the JSON that `mushroom.DescribeFeatures` stores."""
        return cls(
            rows=description["rows"],
            unknown_rows=description["unknown_rows"],
            features={name: FeatureFacts(**f) for name, f in description["features"].items()},
            constant_columns=tuple(description["constant_columns"]),
            missing_columns=tuple(description["missing_columns"]),
        )


def remarks(facts: RowFacts) -> Iterator[str]:
    """Say what a person should know, in sentences; nothing where nothing is odd."""
    if facts.unknown_rows:
        yield (
            f"{facts.unknown_rows:,} of {format_count(facts.rows, 'row')}: no table of the "
            "features knows the entity at that time. They count all the same."
        )
    odd = {name: f.not_finite for name, f in facts.features.items() if f.not_finite}
    if odd:
        times = format_count(sum(odd.values()), "time")
        yield f"NaN or infinite in {_names(list(odd))}, seen {times}: taken as missing."
    if facts.constant_columns:
        yield f"The same value in all rows: {_names(facts.constant_columns)}."
    if facts.missing_columns:
        yield f"No value in any row: {_names(facts.missing_columns)}."


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {more:,} more" if more > 0 else shown
