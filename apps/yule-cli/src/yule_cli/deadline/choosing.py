"""The richest preset that a deadline allows, as part of resolving a case."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from gokart_store import canonical_json
from yule_models import PRESETS, preset_models
from yule_models.effort import Effort, measure_effort

from yule_cli.config import Case, Document
from yule_cli.config.model import ModelEntry
from yule_cli.deadline.forecast import SAFETY, Forecast, forecast, learned_targets_of
from yule_cli.deadline.sizes import CaseSizes
from yule_cli.errors import CaseError
from yule_cli.graph import compose
from yule_cli.machine import Machine
from yule_cli.resolution import ResolvedCase, resolve
from yule_cli.resolution.models import resolve_models
from yule_cli.state import State
from yule_cli.summary.amounts import format_count, format_seconds

__all__ = ["DeadlineResolving", "check_deadline", "parse_deadline"]

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_BUSY = 1.5
"""A machine is called busy where things take so many times as long."""


def parse_deadline(text: str) -> int:
    """Return the seconds of a deadline.

    Raises:
        CaseError: If it is none.

    Example:
        >>> parse_deadline("30m"), parse_deadline("2h")
        (1800, 7200)
    """
    match = re.fullmatch(r"([1-9][0-9]*)([smh])", text)
    if match is None:
        problem = "write a number of seconds, minutes or hours, as 90s, 30m or 2h"
        raise CaseError([f"--deadline is not valid: {problem}, got {text!r}."])
    return int(match[1]) * _SECONDS[match[2]]


def check_deadline(case: Case, document: Document) -> None:
    """Refuse a deadline where there is nothing to choose, or nothing to foretell.

    Raises:
        CaseError: If the case lists its models, or runs on a cluster.
    """
    if isinstance(document.content.get("models"), list):
        problem = (
            "lists the models, so that --deadline has no preset to choose: leave `models` out, or "
            "name a preset, which is then the most that is chosen."
        )
        raise CaseError([document.problem(("models",), problem)])
    if case.run.cluster is not None:
        problem = (
            "is `kubernetes`, and how many nodes a cluster will have, and when, cannot be "
            "foretold: leave --deadline out, and name a preset as `models`."
        )
        raise CaseError([document.problem(("run", "on"), problem)])


@dataclass(frozen=True, kw_only=True)
class DeadlineResolving:
    """Resolves a case with the richest preset whose forecast, and half as much again, is in time.

    The choice is part of the resolved case: whoever runs or repeats that one does the same work.

    Attributes:
        deadline_s: Seconds from now.
        say: Told the forecasts and the choice, in words.
        measure: Measures what a model takes here.
    """

    deadline_s: int
    say: Callable[[str], None]
    measure: Callable[..., Effort] = measure_effort

    def __call__(self, case: Case, document: Document, state: State) -> ResolvedCase:
        """Resolve; see `yule_cli.resolution.resolve`.

        Raises:
            CaseError: As there; or if not even the quickest preset is in time.
        """
        check_deadline(case, document)
        counted: list[int] = []

        def count(rows: pa.Table) -> None:
            counted.append(rows.num_rows)

        quickest = next(iter(PRESETS))
        resolved = resolve(_with(case, quickest), document, state, on_rows=count)
        variants = {
            preset: replace(resolved, models=resolve_models(_with(case, preset), document))
            for preset in _allowed(document)
        }
        sizes = CaseSizes.of(compose(resolved), rows=counted[0])
        forecasts, slowdown = self._forecasts(case, variants, sizes)
        chosen = self._chosen(forecasts, sizes, slowdown)
        facts = {
            "preset": chosen,
            "deadline_s": self.deadline_s,
            "forecast_s": {name: round(found.seconds, 1) for name, found in forecasts.items()},
        }
        return replace(variants[chosen], deadline=facts)

    def _forecasts(
        self, case: Case, variants: Mapping[str, ResolvedCase], sizes: CaseSizes
    ) -> tuple[dict[str, Forecast], float]:
        """Forecast each preset; and say how many times longer all takes than on a machine at rest.

        What models have in common is measured once.
        """
        known: dict[str, Effort] = {}

        def effort(model: Mapping[str, Any]) -> Effort:
            key = canonical_json([model["kind"], model["params"]])
            if key not in known:
                known[key] = self.measure(
                    model,
                    targets=learned_targets_of(next(iter(variants.values()))),
                    rows=sizes.rows,
                    columns=sizes.columns,
                    threads=case.threads,
                )
            return known[key]

        at_once = _at_once(case, Machine.here())
        found = {
            preset: forecast(compose(resolved), resolved, sizes, effort, at_once=at_once)
            for preset, resolved in variants.items()
        }
        cpu_s, wall_s = (
            sum(getattr(each, name) for each in known.values()) for name in ("cpu_s", "wall_s")
        )
        slowdown = max(wall_s / cpu_s, 1.0) if cpu_s else 1.0
        return {preset: each.slowed(slowdown) for preset, each in found.items()}, slowdown

    def _chosen(self, forecasts: Mapping[str, Forecast], sizes: CaseSizes, slowdown: float) -> str:
        limit = format_seconds(self.deadline_s)
        told = ", ".join(
            f"{name} {format_seconds(found.seconds)}" for name, found in forecasts.items()
        )
        about = (
            f"{format_count(sizes.rows, 'labelled row')} of {format_count(sizes.columns, 'column')}"
            f", {format_count(sizes.scored, 'row')} to score"
        )
        if slowdown > _BUSY:
            about += f", on a machine that others make {slowdown:.1f} times slower"
        in_time = [
            name for name, found in forecasts.items() if found.seconds * SAFETY <= self.deadline_s
        ]
        if not in_time:
            raise CaseError(
                [
                    f"No preset is sure to end in {limit}. About what each would take here, for "
                    f"{about}: {told}; a deadline must be {SAFETY:g} times as long. Give more "
                    "time, or run without --deadline."
                ]
            )
        self.say(
            f"A deadline of {limit}. About what each preset would take here, for {about}: {told}. "
            f"Chosen: {in_time[-1]}, the richest with {SAFETY:g} times its forecast in time."
        )
        return in_time[-1]


def _allowed(document: Document) -> list[str]:
    """Return the presets, from the quickest on; up to the one that the case names."""
    names, named = list(PRESETS), document.content.get("models")
    return names[: names.index(named) + 1] if named in names else names


def _with(case: Case, preset: str) -> Case:
    entries = [
        ModelEntry(name=model.name, kind=model.kind, params=dict(model.params))
        for model in preset_models(preset)
    ]
    return case.model_copy(update={"models": entries})


def _at_once(case: Case, machine: Machine) -> int:
    """Return how many fits run side by side."""
    workers = case.run.workers or machine.cpu
    return max(min(workers, machine.cpu // case.threads), 1)
