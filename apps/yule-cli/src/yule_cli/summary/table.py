"""The table of models on one target."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yule_cli.summary.baselines import baseline_warnings
from yule_cli.summary.combination import combination_remarks, cross_fit_warning
from yule_cli.summary.metric_names import look_of, metrics_by_interest
from yule_cli.summary.scores import ENSEMBLE, Scores, TargetScores

__all__ = ["scores_table"]

_NAME_WIDTH = 24
_CELL_WIDTH = 17
_WEIGHT_WIDTH = 9


def scores_table(target: TargetScores, width: int) -> RenderableType:
    """Return as many metrics as there is room for, the ensemble first, baselines dimmed."""
    shown = _metrics_that_fit(target, width)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("Model", no_wrap=True, overflow="ellipsis", max_width=_NAME_WIDTH)
    for metric in shown:
        table.add_column(look_of(metric).label, justify="right", no_wrap=True)
    if target.weights:
        table.add_column("Weight", justify="right", no_wrap=True)
    for scores in target.rows:
        cells = [Text(_cell(scores, metric)) for metric in shown]
        weights = [Text(_weight(target.weights, scores))] if target.weights else []
        table.add_row(Text(_name(scores)), *cells, *weights, style=_style(scores))
    return Group(_title(target), Text(), table, *_remarks(target))


def _title(target: TargetScores) -> Text:
    spread = f", mean ± std of {target.folds}" if target.folds else ""
    order = f", best {look_of(target.main_metric).label} first" if target.main_metric else ""
    return Text.assemble((target.name, "bold"), (f"  out-of-fold{spread}{order}", "dim"))


def _remarks(target: TargetScores) -> list[Text]:
    warnings = [*baseline_warnings(target)]
    if warning := cross_fit_warning(target):
        warnings.append(warning)
    return [
        *(Text(warning, style="yellow") for warning in warnings),
        *(Text(remark, style="dim") for remark in combination_remarks(target)),
    ]


def _metrics_that_fit(target: TargetScores, width: int) -> list[str]:
    known = metrics_by_interest({metric for scores in target.rows for metric in scores.mean})
    names = max((len(_name(scores)) for scores in target.rows), default=0)
    room = width - min(names, _NAME_WIDTH) - (_WEIGHT_WIDTH if target.weights else 0)
    return known[: max(1, room // _CELL_WIDTH)]


def _cell(scores: Scores, metric: str) -> str:
    look, mean, std = look_of(metric), scores.mean.get(metric), scores.std.get(metric)
    shown = look.format(mean)
    return shown if std is None else f"{shown} ± {look.format(std, like=mean)}"


def _weight(weights: Mapping[str, float], scores: Scores) -> str:
    return f"{weights[scores.name]:.0%}" if scores.name in weights else ""


def _name(scores: Scores) -> str:
    return scores.name if scores.is_candidate else f"{scores.name} (baseline)"


def _style(scores: Scores) -> str:
    if scores.name == ENSEMBLE:
        return "bold green"
    return "" if scores.is_candidate else "dim"
