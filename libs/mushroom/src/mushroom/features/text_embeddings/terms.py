"""Texts as counted terms: runs of letters and digits, in lower case, alone and in pairs."""

from __future__ import annotations

from sqlglot import exp

from mushroom.catalog import Catalog, attribute_rows
from mushroom.features.expressions import column, equal, named, number, rank
from mushroom.googlesql import base_tables, parse_query

__all__ = ["latest", "term_counts", "texts"]

_TERMS = r"""
WITH document AS (
  SELECT latest.who, REGEXP_EXTRACT_ALL(LOWER(latest.text), r'[\pL\pN]+') AS tokens
  FROM latest
),
word AS (
  SELECT document.who, document.tokens[OFFSET(place)] AS token, place
  FROM document
  CROSS JOIN UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(document.tokens) - 1)) AS place
),
term AS (
  SELECT who, token AS item FROM word
  UNION ALL
  SELECT who, CONCAT(token, ' ', LEAD(token) OVER (PARTITION BY who ORDER BY place)) AS item
  FROM word
  WHERE @words > 1
)
SELECT who, item, COUNT(*) AS amount FROM term WHERE item IS NOT NULL GROUP BY who, item
"""


def texts(catalog: Catalog, table: str, name: str) -> exp.Select:
    """The table's rows: `entity_id`, `since` (NULL without versions) and `text`."""
    rows = attribute_rows(catalog, table, columns=[name])
    for node in base_tables(rows):
        node.set("this", exp.to_identifier("attributes"))
    values = [value.unalias() for value in rows.expressions]
    if len(values) == 2:
        since = exp.cast(exp.null(), exp.DataType.build("TIMESTAMP", dialect="bigquery"))
        values.insert(1, since)
    text = exp.cast(values[2], exp.DataType.build("STRING", dialect="bigquery"))
    names = ("entity_id", "since", "text")
    pairs = zip([*values[:2], text], names, strict=True)
    rows.set("expressions", [named(value, name) for value, name in pairs])
    return rows


def latest(source: exp.Select, key: str) -> exp.Select:
    """Of each key the row with the latest `since`; among equals, with the smallest text."""
    best = [
        exp.Ordered(this=column("since"), desc=True, nulls_first=False),
        exp.Ordered(this=column("text"), nulls_first=False),
    ]
    place = named(rank(by=[column(key)], order=best), "place")
    ranked = exp.select(column(key), column("text"), place).from_(source.subquery("known"))
    return (
        exp.select(column(key), column("text"))
        .from_(ranked.subquery("ranked"))
        .where(equal(column("place"), number(1)))
    )


def term_counts(key: str, *, words: int) -> exp.Select:
    """How often each term stands in the text of each key, from the step `latest`."""
    tree = parse_query(_TERMS)
    for node in tree.find_all(exp.Identifier):
        if node.name == "who":
            node.replace(exp.to_identifier(key, quoted=True))
    for parameter in list(tree.find_all(exp.Parameter)):
        parameter.replace(number(words))
    if not isinstance(tree, exp.Select):
        raise TypeError(f"Expected a SELECT, got {type(tree).__name__}.")
    return tree
