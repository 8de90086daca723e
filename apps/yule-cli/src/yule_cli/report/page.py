"""Puts the page together."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path
from typing import Any

from gokart_store import write_whole
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from yule_cli import __version__
from yule_cli.report.cards import cards_of
from yule_cli.report.figures import leaks_figure
from yule_cli.report.importances import importance_lists
from yule_cli.report.inputs import ReportInputs
from yule_cli.report.plots import Plot, plots_of
from yule_cli.report.views import (
    CLASS_HEADS,
    class_rows,
    code_facts,
    metric_labels,
    model_rows,
    stage_rows,
)
from yule_cli.summary import RunSummary
from yule_cli.summary.amounts import format_count, format_seconds
from yule_cli.summary.baselines import baseline_warnings
from yule_cli.summary.combination import combination_remarks
from yule_cli.summary.contacts import CONTACT_HEADS, contact_rows, plan_sentence
from yule_cli.summary.data import remarks
from yule_cli.summary.drift import DRIFT_HEADS, drift_lead, drift_remark, drift_rows
from yule_cli.summary.leaks import leak_warnings
from yule_cli.summary.learning import learning_remarks
from yule_cli.summary.places import places
from yule_cli.summary.searches import SEARCH_HEADS, search_remarks, search_rows
from yule_cli.summary.selection import removed_rows
from yule_cli.summary.settings import settings_of
from yule_cli.summary.work import work_sentence

__all__ = ["render_report", "write_report"]


def write_report(inputs: ReportInputs, path: Path) -> None:
    """Write the report; the same inputs give the same bytes."""
    write_whole(path, render_report(inputs))


def render_report(inputs: ReportInputs) -> str:
    """Return the page: one HTML text that fetches nothing and runs nothing."""
    environment = Environment(
        loader=PackageLoader("yule_cli.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    summary = inputs.summary
    curves = inputs.metrics.get("curves", {})
    targets = [
        {
            "scores": target,
            "cards": list(cards_of(target)),
            "metrics": metric_labels(target),
            "rows": model_rows(target),
            "contacts": _contact_table(summary, target.name),
            "warnings": list(baseline_warnings(target)),
            "remarks": list(combination_remarks(target)),
            "classes": class_rows(curves.get(target.name, {}).get("classes", [])),
            "plots": plots_of(
                target, curves.get(target.name, {}), inputs.scores.get(target.name), number=number
            ),
        }
        for number, target in enumerate(summary.targets)
    ]
    style = files("yule_cli.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        version=__version__,
        style=Markup(style),  # noqa: S704 - our own file
        summary=summary,
        took=format_seconds(summary.seconds),
        scored=format_count(summary.rows_scored, "row") if summary.rows_scored else "",
        targets=targets,
        class_heads=CLASS_HEADS,
        contact_heads=CONTACT_HEADS,
        leaks=_leaks(summary),
        leak_warnings=list(leak_warnings(summary.leaks, summary.late_columns)),
        learning=list(learning_remarks(summary.learning)),
        removed=removed_rows(summary.removed),
        search_heads=SEARCH_HEADS,
        search_remarks=list(search_remarks(summary.searches)),
        searches=[(found.model, search_rows(found)) for found in summary.searches],
        importances=importance_lists(inputs),
        work=work_sentence(summary),
        stages=stage_rows(summary),
        snapshot=inputs.resolved.get("source", {}).get("snapshot", {}),
        described=[
            {"name": name, "rows": format_count(facts.rows, "row"), "remarks": remarks(facts)}
            for name, facts in summary.data.items()
        ],
        drift=_drift(summary),
        places=places(summary, relative_to=None),
        code=code_facts(inputs.resolved),
        command=inputs.command,
        repeat=shlex.join(["yule", "repeat", str(summary.paths.run)]),
        settings=settings_of(inputs.resolved),
    )


def _contact_table(summary: RunSummary, target: str) -> dict[str, Any] | None:
    """Return what to expect of the best-scored rows, or None where that is not asked of a kind."""
    found = summary.contacts.get(target)
    if found is None or not found.top:
        return None
    plan = found.plan and plan_sentence(found.plan, population=found.population)
    return {"rows": contact_rows(found), "plan": plan}


def _drift(summary: RunSummary) -> dict[str, Any] | None:
    """Return the features that moved furthest; None where there are none to compare."""
    found = summary.drift
    if found is None or not found.features or found.auc is None:
        return None
    return {
        "remark": drift_remark(found),
        "lead": drift_lead(found),
        "heads": DRIFT_HEADS,
        "rows": drift_rows(found),
    }


def _leaks(summary: RunSummary) -> list[Plot]:
    """Plot for each target how much each feature tells alone."""
    return [
        Plot(
            title=f"{name}: each feature alone",
            hint="Beyond the dotted line a feature would lead the next one suspiciously.",
            svg=leaks_figure(found, name=f"leaks{number}"),
            is_wide=True,
        )
        for number, (name, found) in enumerate(summary.leaks.items())
        if found.ranking
    ]
