"""Whom to contact, and what to expect of it, in words and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yule_cli.summary.amounts import format_count, format_value

__all__ = [
    "CONTACT_HEADS",
    "Contacts",
    "PlanFacts",
    "TopFacts",
    "contact_remarks",
    "contact_rows",
    "plan_sentence",
    "with_validated_lifts",
]

CONTACT_HEADS = ("Best-scored", "Rows", "Score from", "Expected", "Lift", "Lift, validated")


@dataclass(frozen=True, kw_only=True)
class TopFacts:
    """What to expect of a share of best-scored rows; see `yule_models.contacts.TopRows`.

    Attributes:
        share: The share that is looked at.
        rows: How many rows of the population these are.
        least_score: The lowest score among them.
        expected: Expected conversions, or the expected total of an amount.
        lift: Their mean score, relative to that of all rows, or None.
        validated_lift: Mean over folds of the lift that the same share had, where it is known.
    """

    share: float
    rows: int
    least_score: float
    expected: float
    lift: float | None
    validated_lift: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """Whom to contact at a given cost and value; see `yule_models.contacts.ContactPlan`.

    Attributes:
        cost: Of one contact.
        value: Of one conversion, or of one unit of a predicted amount.
        cut: Contact pays where a score is above it.
        worthwhile: How many rows of the population are above it.
        rows: How many of them are contacted, the best-scored first.
        least_score: The lowest score among these, or None.
        expected: Expected conversions among them, or their expected total.
        profit: Expected, costs deducted.
        profit_of_all: The same of contacting everybody.
        validated: What a contact brought on each fold's validation rows above the cut, or None.
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


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """What is known of contacting the rows of the population for one target.

    Attributes:
        population: How many rows there are.
        top: By share of best-scored rows, ascending.
        plan: Where the case says what a contact costs and brings, or None.
    """

    population: int
    top: tuple[TopFacts, ...]
    plan: PlanFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the facts as JSON values."""
        return asdict(self)


def contact_rows(contacts: Contacts) -> list[tuple[str, ...]]:
    """Return the rows of a table under `CONTACT_HEADS`."""
    return [
        (
            f"{top.share:.0%}",
            f"{top.rows:,}",
            f"{top.least_score:,.3g}",
            f"{top.expected:,.1f}",
            _times(top.lift),
            _times(top.validated_lift),
        )
        for top in contacts.top
    ]


def contact_remarks(contacts: Mapping[str, Contacts]) -> Iterator[tuple[str, str]]:
    """Say for each target whose contacts have a price whom to contact, and what that brings."""
    for target, found in contacts.items():
        if found.plan is not None:
            yield target, plan_sentence(found.plan, population=found.population)


def plan_sentence(plan: PlanFacts, *, population: int) -> str:
    """Say whom to contact, and what that brings."""
    if not plan.rows:
        return (
            f"At {plan.cost:g} a contact and a value of {plan.value:g} nobody is worth one: no "
            f"score is above {plan.cut:.3g}."
        )
    whom = f"the {format_count(plan.rows, 'row')} of {population:,} with a score above"
    if plan.rows < plan.worthwhile:
        whom = f"the best-scored {plan.rows:,} of the {format_count(plan.worthwhile, 'row')} above"
    sentence = (
        f"At {plan.cost:g} a contact and a value of {plan.value:g}, contact {whom} {plan.cut:.3g}: "
        f"{plan.expected:,.1f} expected, which is worth {_amount(plan.profit)} after costs; "
        f"contacting everybody, {_amount(plan.profit_of_all)}."
    )
    known = [value for value in plan.validated if value is not None]
    if not known:
        return f"{sentence} No validation row was above that score."
    spread = f"{_amount(min(known))} to {_amount(max(known))}" if len(known) > 1 else ""
    total = sum(
        value * rows
        for value, rows in zip(plan.validated, plan.validated_rows, strict=True)
        if value is not None
    )
    mean = _amount(total / sum(plan.validated_rows))
    told = f"{mean} ({spread} by fold)" if spread else mean
    return f"{sentence} In validation a contact above it brought {told} after costs."


def with_validated_lifts(
    top: Sequence[Mapping[str, Any]], lift_curve: Sequence[Mapping[str, float]]
) -> tuple[TopFacts, ...]:
    """Put beside each share the lift that it had out of fold.

    Args:
        top: The fields of `yule_models.contacts.TopRows`.
        lift_curve: Points with `share` and `lift`, or none.
    """
    lifts = {round(point["share"], 9): point["lift"] for point in lift_curve}
    return tuple(TopFacts(**row, validated_lift=lifts.get(round(row["share"], 9))) for row in top)


def _amount(value: float) -> str:
    return format_value(value, 0 if abs(value) >= 100 else 2)


def _times(lift: float | None) -> str:
    return "–" if lift is None else f"{lift:.1f}×"
