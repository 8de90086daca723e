"""Entities described by the vectors of their items: sums of whole numbers, exact in any order."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from mushroom.features.event_windows.names import ROW
from mushroom.features.expressions import as_float, column, divide, equal, named, number, or_zero
from mushroom.features.factors.learn import LOADING_UNIT, dimension
from mushroom.features.factors.products import WEIGHT_UNIT

__all__ = ["dimension_columns", "projected"]


def projected(dimensions: int) -> exp.Select:
    """One row per entity row that has known items, from the steps `cells` and `items`."""
    sums = [
        named(
            exp.Sum(
                this=exp.Mul(
                    this=column("weight", "cells"), expression=column(dimension(at), "items")
                )
            ),
            dimension(at),
        )
        for at in range(dimensions)
    ]
    same = equal(column("item", "items"), column("item", "cells"))
    return (
        exp.select(column(ROW, "cells"), *sums)
        .from_("cells")
        .join("items", on=same)
        .group_by(column(ROW, "cells"))
    )


def dimension_columns(dimensions: int) -> Iterator[tuple[str, exp.Expr]]:
    """Name and value of every column; 0 for an entity row that has no known item."""
    unit = as_float(number(WEIGHT_UNIT * LOADING_UNIT))
    for at in range(dimensions):
        total = as_float(or_zero(column(dimension(at), "projected")))
        yield dimension(at), divide(total, unit.copy())
