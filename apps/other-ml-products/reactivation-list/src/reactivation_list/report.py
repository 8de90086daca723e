"""What a list is worth, in Markdown for people and JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from reactivation_list.making import Reactivation
from reactivation_list.orders import OrderFigures
from reactivation_list.validation import METRICS, ModelFigures

__all__ = ["as_json", "render_json", "render_markdown"]

_SHOWN = 10


def render_markdown(made: Reactivation) -> str:
    """The list's first customers, and how its chances held on past times."""
    request, customers = made.request, made.customers
    first, last = made.past[0], made.past[-1]
    lines = [
        f"# Whom to win back, as of {made.as_of.date().isoformat()}",
        "",
        f"{len(customers):,} customers of {made.table} have had no event for "
        f"{request.lapsed_after_days} days or more, and had one in the {request.memory_days} days "
        "before. Whoever stands first is expected to win the most active days by coming back: the "
        f"chance to come back within {request.horizon_days} days, times the active days that their "
        "own history made one expect and that did not come.",
        "",
        "## How the chances held",
        "",
        f"{made.past_rows:,} times a customer had lapsed at one of {len(made.past)} times from "
        f"{first.date().isoformat()} to {last.date().isoformat()}; "
        f"{made.past_returned / made.past_rows:.0%} came back. Each figure is the mean over "
        f"{made.validation.folds} later periods, ± their standard deviation; models had learned "
        "from earlier ones whose outcome was known by then.",
        "",
        f"| Model | {' | '.join(METRICS.values())} |",
        f"| --- | {' | '.join('---:' for _ in METRICS)} |",
        *(_model(model) for model in made.validation.models),
        "",
        made.validation.verdict,
        "",
        "## What an order is worth",
        "",
        "Who of the first tenth of a period's customers came back:",
        "",
        f"| By | {' | '.join(f'Period {n + 1}' for n in range(made.validation.folds))} | Mean |",
        f"| --- |{' ---: |' * (made.validation.folds + 1)}",
        *(_order(order) for order in made.orders),
        "",
        f"## The first {min(_SHOWN, len(customers))}",
        "",
        "| | Customer | Chance | Fall in days | By chance | By fall | Why |",
        "| ---: | --- | ---: | ---: | ---: | ---: | --- |",
        *(_customer(row) for row in customers.slice(0, _SHOWN).to_pylist()),
    ]
    return "\n".join(lines) + "\n"


def render_json(made: Reactivation) -> str:
    """One JSON object: see `as_json`."""
    return json.dumps(as_json(made), indent=2, ensure_ascii=False) + "\n"


def as_json(made: Reactivation) -> dict[str, Any]:
    """All but the list itself."""
    return {
        "schema": 1,
        "table": made.table,
        "as_of": made.as_of.isoformat(),
        "request": asdict(made.request),
        "customers": len(made.customers),
        "past": {
            "times": [time.isoformat() for time in made.past],
            "rows": made.past_rows,
            "returned": made.past_returned,
        },
        "validation": {
            "folds": made.validation.folds,
            "better_than_silence_alone": made.validation.wins,
            "models": [asdict(model) for model in made.validation.models],
            "first_tenth_returned": {order.name: list(order.returned) for order in made.orders},
        },
    }


def _model(model: ModelFigures) -> str:
    cells = (_figure(model.mean[metric], model.std[metric]) for metric in METRICS)
    return f"| {model.name} | {' | '.join(cells)} |"


def _order(order: OrderFigures) -> str:
    cells = (f"{share:.0%}" for share in (*order.returned, order.mean))
    return f"| {order.name} | {' | '.join(cells)} |"


def _figure(mean: float | None, std: float | None) -> str:
    if mean is None:
        return "–"
    return f"{mean:.3f}" if std is None else f"{mean:.3f} ± {std:.3f}"


def _customer(row: dict[str, Any]) -> str:
    identity = str(row["entity_id"]).replace("\\", "\\\\").replace("|", "\\|")
    return (
        f"| {row['rank']} | {identity} | {row['return_chance']:.0%} | {row['fall_days']:.1f} "
        f"| {row['rank_by_chance']} | {row['rank_by_fall']} | {row['reason']} |"
    )
