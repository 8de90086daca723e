"""What was computed, what came from the cache, and where the time went."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from yule_cli.summary.amounts import format_count, format_seconds
from yule_cli.summary.costs import StageCost
from yule_cli.summary.model import RunSummary

__all__ = ["work_sentence", "work_table"]

_BAR_WIDTH = 20


def work_sentence(summary: RunSummary) -> str:
    """Say how much was computed, and how much the cache saved.

    Work of several processes at once is added up, and may exceed the run's own time.
    """
    computed, reused = summary.computed, summary.reused
    saved = sum(stage.saved_seconds for stage in summary.stages)
    worth = f", which saved {format_seconds(saved)} of work" if saved else ""
    if not computed and not reused:
        return "Nothing was computed."
    if not computed:
        results = "the only result" if reused == 1 else f"all {reused:,} results"
        return f"Nothing to compute: {results} came from the cache{worth}."
    if not reused:
        return f"{format_count(computed, 'task')} computed; nothing came from the cache."
    return f"{format_count(computed, 'task')} computed, {reused:,} from the cache{worth}."


def work_table(summary: RunSummary) -> RenderableType:
    """Return the sentence and, if anything was computed, a bar for each stage."""
    sentence = Text(work_sentence(summary), style="" if summary.computed else "green")
    longest = max((stage.seconds for stage in summary.stages), default=0.0)
    if not summary.computed or not longest:
        return sentence
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, width=_BAR_WIDTH)
    for _ in range(4):
        table.add_column(no_wrap=True, justify="right", style="dim")
    for stage in summary.stages:
        bar = Text(_bar(stage.seconds / longest), style="cyan")
        took = Text(format_seconds(stage.seconds), style="not dim")
        table.add_row(stage.stage, bar, took, *_counts(stage))
    return Group(sentence, Text(), table)


def _bar(share: float) -> str:
    eighths = max(round(share * _BAR_WIDTH * 8), 1 if share else 0)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _counts(stage: StageCost) -> tuple[str, str, str]:
    peak = stage.peak_memory_gib
    return (
        f"{stage.computed:,} computed" if stage.computed else "",
        f"{stage.reused:,} reused" if stage.reused else "",
        "" if peak is None else f"peak {peak:.1f} GiB",
    )
