"""Whom to contact: what to expect of the best-scored rows, and where contacting stops to pay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yule_models.errors import YuleModelsError

__all__ = ["ContactError", "ContactPlan", "TopRows", "plan_contacts", "top_rows"]

Floats = npt.NDArray[np.float64]
SHARES = (0.01, 0.05, 0.1, 0.2, 0.5)
"""The shares of best-scored rows that people ask about."""


class ContactError(YuleModelsError, ValueError):
    """A cost or a value of contacts is impossible."""


@dataclass(frozen=True, kw_only=True)
class TopRows:
    """What to expect of a share of best-scored rows.

    Attributes:
        share: The share that is looked at.
        rows: How many these are, rounded up.
        least_score: The lowest score among them.
        expected: The sum of their scores: of probabilities, the expected number of conversions; of
            predicted amounts, their total.
        lift: Their mean score, relative to that of all rows; None where that is not above 0.
    """

    share: float
    rows: int
    least_score: float
    expected: float
    lift: float | None


@dataclass(frozen=True, kw_only=True)
class ContactPlan:
    """Whom to contact at a given cost and value.

    Attributes:
        cost: Of one contact.
        value: Of one conversion, or of one unit of a predicted amount.
        cut: Contact pays where a score is above it: cost divided by value.
        worthwhile: How many rows of the population are above it.
        rows: How many of them are contacted, the best-scored first: no more than can be.
        least_score: The lowest score among these; None where nobody is.
        expected: The sum of their scores.
        profit: What contacting them is expected to bring, costs deducted.
        profit_of_all: The same of contacting everybody.
        validated: What a contact brought on each fold's validation rows above the cut, costs
            deducted; None where no row of a fold is.
        validated_rows: How many these rows are, by fold.
    """

    cost: float
    value: float
    cut: float
    worthwhile: int
    rows: int
    least_score: float | None
    expected: float
    profit: float
    profit_of_all: float
    validated: tuple[float | None, ...]
    validated_rows: tuple[int, ...]


def top_rows(scores: Floats, shares: Sequence[float] = SHARES) -> list[TopRows]:
    """Say what to expect of the best-scored rows of a population.

    Expectations are as good as the scores are calibrated.

    Args:
        scores: Probabilities, or predicted amounts, of shape (n,); for none, nothing is returned.
        shares: Shares of rows, in (0, 1].
    """
    if not len(scores):
        return []
    ordered = np.sort(scores)[::-1]
    sums, mean = np.cumsum(ordered), float(ordered.mean())
    found = []
    for share in shares:
        rows = math.ceil(round(share * len(ordered), 9))
        expected = float(sums[rows - 1])
        found.append(
            TopRows(
                share=share,
                rows=rows,
                least_score=float(ordered[rows - 1]),
                expected=expected,
                lift=expected / rows / mean if mean > 0 else None,
            )
        )
    return found


def plan_contacts(
    scores: Floats,
    *,
    cost: float,
    value: float,
    capacity: int | None = None,
    labels: Floats,
    predictions: Floats,
    fold: npt.NDArray[np.int64],
    weights: Floats | None = None,
) -> ContactPlan:
    """Choose whom to contact: everybody whose expected value exceeds the cost, the best first.

    Args:
        scores: Of the population: probabilities, or predicted amounts, of shape (n,).
        cost: Of one contact, above 0.
        value: Of one conversion, or of one unit of a predicted amount, above 0.
        capacity: The most contacts that can be made, at least 1; None: any number.
        labels: Encoded labels of the rows that the models were validated on, of shape (m,).
        predictions: Their cross-fitted predictions, of shape (m,).
        fold: Their folds, of shape (m,).
        weights: Their weights, of shape (m,), by which what contacts brought is averaged; None: all
            count alike. Rows of the population have none: each is one contact.

    Raises:
        ContactError: If cost or value is not above 0, or the capacity below 1.
    """
    for name, given in (("cost", cost), ("value", value)):
        if not (math.isfinite(given) and given > 0):
            raise ContactError(f"The {name} of a contact must be above 0, got {given}.")
    if capacity is not None and capacity < 1:
        raise ContactError(f"The capacity of contacts must be at least 1, got {capacity}.")
    cut = cost / value
    worthwhile = np.sort(scores[scores > cut])[::-1]
    chosen = worthwhile[:capacity]
    expected = math.fsum(chosen)
    above = [(fold == number) & (predictions > cut) for number in np.unique(fold)]
    return ContactPlan(
        cost=cost,
        value=value,
        cut=cut,
        worthwhile=len(worthwhile),
        rows=len(chosen),
        least_score=float(chosen[-1]) if len(chosen) else None,
        expected=expected,
        profit=expected * value - cost * len(chosen),
        profit_of_all=math.fsum(scores) * value - cost * len(scores),
        validated=tuple(
            _profit_of_a_contact(
                labels[found],
                None if weights is None else weights[found],
                value=value,
                cost=cost,
            )
            for found in above
        ),
        validated_rows=tuple(int(np.count_nonzero(found)) for found in above),
    )


def _profit_of_a_contact(
    labels: Floats, weights: Floats | None, *, value: float, cost: float
) -> float | None:
    return float(np.average(labels, weights=weights)) * value - cost if len(labels) else None
