"""Names of the relations and columns that the steps of the query hand to one another."""

from __future__ import annotations

from mushroom.features.windows import Window

__all__ = [
    "AGE",
    "DAY",
    "DAY_NUMBER",
    "HOUR",
    "ODD",
    "PLACE",
    "ROW",
    "UNTIL_DAY",
    "category",
    "category_source",
    "measure",
    "over",
]

ROW = "entity_row"
AGE = "age_us"
DAY = "day"
DAY_NUMBER = "day_number"
"""The calendar day that an event happened on, counted from 1970."""

HOUR = "hour"
PLACE = "place"
"""The place of an event's time among the entity's times, counted back from the last, which is 1."""

UNTIL_DAY = "until_day"
ODD = "is_not_finite"


def measure(name: str) -> str:
    """The column of one event that holds a measure."""
    return f"measure__{name}"


def category(name: str) -> str:
    """The column of one event that holds a category."""
    return f"category__{name}"


def category_source(position: int) -> str:
    """The step that describes the values of one category."""
    return f"category_{position}"


def over(window: Window, *parts: str) -> str:
    """The column that holds an aggregate over a window, as in ``amount__sum__90d``."""
    return "__".join((*parts, window.label))
