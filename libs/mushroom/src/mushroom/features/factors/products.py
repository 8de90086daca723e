"""Items by items: the sums over entities of the products of their weights."""

from __future__ import annotations

from sqlglot import exp

from mushroom.features.expressions import as_float, column, named, number
from mushroom.googlesql import parse_query

__all__ = ["WEIGHT_UNIT", "item_products", "log_weight"]

WEIGHT_UNIT = 10_000
"""Weights are whole numbers of this part of one."""

_PRODUCTS = """
WITH known AS (
  SELECT item, COUNT(*) AS entities FROM cells GROUP BY item
),
ranked AS (
  SELECT item, entities, ROW_NUMBER() OVER (ORDER BY entities DESC, item) AS place FROM known
),
kept AS (
  SELECT cells.entity_id, ranked.place, cells.weight
  FROM cells JOIN ranked ON ranked.item = cells.item
  WHERE ranked.place <= @items
),
everybody AS (
  SELECT COUNT(DISTINCT entity_id) AS everybody FROM cells
),
together AS (
  SELECT one.place, other.place AS other, SUM(one.weight * other.weight) AS product
  FROM kept AS one
  JOIN kept AS other ON other.entity_id = one.entity_id AND other.place >= one.place
  GROUP BY one.place, other.place
)
SELECT
  together.place,
  together.other,
  CASE WHEN together.place = together.other THEN ranked.item END AS item,
  ranked.entities,
  everybody.everybody,
  together.product
FROM together
JOIN ranked ON ranked.place = together.place
CROSS JOIN everybody
ORDER BY place, other
"""


def item_products(cells: dict[str, exp.Select]) -> exp.Query:
    """The products of the items that most entities have; among equals, the smallest strings.

    Args:
        cells: Steps of the query, of which the last, ``cells``, has `entity_id`, `item` and a
            positive `weight`, each item of an entity once.

    Returns:
        A query of `PRODUCTS` with the parameter `@items`, the most items there may be.
    """
    tree = parse_query(_PRODUCTS)
    own = tree.args.pop("with_", None) or tree.args.pop("with", None)
    for name, step in cells.items():
        tree = tree.with_(name, as_=step, copy=False)
    for step in own.expressions:
        tree = tree.with_(step.alias, as_=step.this, copy=False)
    return tree


def log_weight(amount: exp.Expr) -> exp.Expr:
    """``ln(1 + amount)`` as a whole number of `WEIGHT_UNIT`; of a negative amount, 0."""
    not_negative = exp.Greatest(this=as_float(amount), expressions=[as_float(number(0))])
    scaled = exp.Mul(
        this=exp.Ln(this=exp.Add(this=as_float(number(1)), expression=not_negative)),
        expression=number(WEIGHT_UNIT),
    )
    whole = exp.DataType.build("INT64", dialect="bigquery")
    return exp.Cast(this=exp.Round(this=scaled), to=whole)


def weighed(source: exp.Select, *, key: str) -> exp.Select:
    """The cells of a source with `item` and `amount`, those without any weight left out."""
    weights = exp.select(
        column(key), column("item"), named(log_weight(column("amount")), "weight")
    ).from_(source.subquery("amounts"))
    positive = exp.GT(this=column("weight"), expression=number(0))
    return exp.select(exp.Star()).from_(weights.subquery("weights")).where(positive)
