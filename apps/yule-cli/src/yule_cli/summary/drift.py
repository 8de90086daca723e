"""How the rows to score differ from the latest training rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from yule_cli.summary.amounts import format_amount, format_count, format_value

__all__ = ["DRIFT_HEADS", "Drift", "FeatureDrift", "drift_lead", "drift_remark", "drift_rows"]

DRIFT_HEADS = ("Feature", "Moved by", "Usually", "Training", "Missing", "To score", "Missing")
_MOST_NAMES = 3
_WARNING = "Scores may be less sure than validation says."


@dataclass(frozen=True, kw_only=True)
class Side:
    """A feature's values on one side.

    Attributes:
        typical: The median, or the most frequent text; None where there is no value.
        missing: Share of rows without a value.
    """

    typical: float | str | None
    missing: float


@dataclass(frozen=True, kw_only=True)
class FeatureDrift:
    """How far one feature has moved.

    Attributes:
        feature: Its name.
        distance: Share of rows with values that the other side has no rows for.
        usual_distance: The same of successive training rows; None where all are of one time.
        training: The latest training rows.
        population: The rows to score.
    """

    feature: str
    distance: float
    usual_distance: float | None
    training: Side
    population: Side


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What is compared of training rows and rows to score.

    Attributes:
        auc: How well a model tells them apart, 0.5 if not at all; None of too few rows.
        usual_auc: The same of successive training rows, or None.
        is_apart: Whether that model tells them apart far better than usual.
        drifted: Names of the features that moved further than is usual.
        features: Those that moved furthest, at most ten.
    """

    auc: float | None
    usual_auc: float | None
    is_apart: bool
    drifted: tuple[str, ...]
    features: tuple[FeatureDrift, ...]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """Read the JSON that `yule_models.FindDrift` stores."""
        return cls(
            auc=found["auc"],
            usual_auc=found["usual_auc"],
            is_apart=found["is_apart"],
            drifted=tuple(found["drifted"]),
            features=tuple(
                FeatureDrift(
                    feature=row["feature"],
                    distance=row["distance"],
                    usual_distance=row["usual_distance"],
                    training=Side(**row["training"]),
                    population=Side(**row["population"]),
                )
                for row in found["features"]
            ),
        )


def drift_remark(found: Drift | None) -> str | None:
    """Say in a sentence or two what a person should know; None where nothing has drifted."""
    if found is None or not (found.drifted or found.is_apart):
        return None
    if not found.drifted:
        return f"{_apart(found)} {_WARNING}"
    moved = {row.feature: row for row in found.features}
    told = [_told(moved[name]) for name in found.drifted[:_MOST_NAMES] if name in moved]
    more = len(found.drifted) - len(told)
    names = "; ".join(told) + (f"; and {more:,} more" if more else "")
    count = format_count(len(found.drifted), "feature")
    verb = "is" if len(found.drifted) == 1 else "are"
    return f"{count} {verb} not as in the latest training rows: {names}. {_WARNING}"


def drift_rows(found: Drift) -> list[tuple[str, ...]]:
    """Return the rows of the table of features that moved furthest, under `DRIFT_HEADS`."""
    return [
        (
            row.feature,
            _percent(row.distance),
            "–" if row.usual_distance is None else _percent(row.usual_distance),
            _typical(row.training),
            _percent(row.training.missing),
            _typical(row.population),
            _percent(row.population.missing),
        )
        for row in found.features
    ]


def drift_lead(found: Drift) -> str:
    """Say how well the sides are told apart."""
    usual = f", and successive training rows by {found.usual_auc:.3f}" if found.usual_auc else ""
    return (
        "What moved furthest between the latest training rows and the rows to score: the share of "
        "rows with values that the other side has none for, the typical value (median, or most "
        f"frequent text), and how many are missing. A model tells the sides apart with an AUC of "
        f"{format_value(found.auc, 3)}{usual}; 0.5 would mean that nothing differs."
    )


def _apart(found: Drift) -> str:
    usual = f", and successive training rows with {found.usual_auc:.3f}" if found.usual_auc else ""
    *others, last = (_told(row) for row in found.features[:_MOST_NAMES])
    names = f"{', '.join(others)} and {last}" if others else last
    return (
        "A model tells the rows to score from the latest training rows with an AUC of "
        f"{format_value(found.auc, 3)}{usual}, though no feature has moved far by itself: {names} "
        "most."
    )


def _told(row: FeatureDrift) -> str:
    gap = row.population.missing - row.training.missing
    if abs(gap) >= row.distance / 2:
        here, there = _percent(row.population.missing), _percent(row.training.missing)
        return f"{row.feature} (missing in {here} of rows, and in {there} of training)"
    return (
        f"{row.feature} (typically {_typical(row.population)}, and {_typical(row.training)} there)"
    )


def _typical(side: Side) -> str:
    if side.typical is None:
        return "–"
    if isinstance(side.typical, str):
        return side.typical
    is_whole = float(side.typical).is_integer()
    return f"{side.typical:,.0f}" if is_whole else format_amount(side.typical)


def _percent(share: float) -> str:
    return f"{share:.0%}"
