"""The summary as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from yule_cli.summary.amounts import format_seconds
from yule_cli.summary.contacts import contact_remarks
from yule_cli.summary.data import remarks
from yule_cli.summary.drift import drift_remark
from yule_cli.summary.explanation import explanation_remarks
from yule_cli.summary.leaks import leak_warnings
from yule_cli.summary.learning import learning_remarks
from yule_cli.summary.model import RunSummary
from yule_cli.summary.places import places
from yule_cli.summary.repetition import repetition_sentence
from yule_cli.summary.searches import search_remarks
from yule_cli.summary.selection import selection_remarks
from yule_cli.summary.table import scores_table
from yule_cli.summary.work import work_table

__all__ = ["print_summary"]


def print_summary(
    summary: RunSummary, console: Console, *, relative_to: Path | None = None
) -> None:
    """Print what a person wants to know: how good, how much work, and where to look.

    Args:
        summary: The run.
        console: Where to print; its width decides how many metrics are shown.
        relative_to: Paths below this folder are shown relative to it; the working folder if None.
    """
    _replace_what_cannot_be_encoded(console)
    console.print()
    console.print(_headline(summary))
    for target in summary.targets:
        console.print()
        console.print(scores_table(target, console.width))
    console.print()
    for title, found, style in (
        ("Whom to contact", contact_remarks(summary.contacts), ""),
        ("What the scores go by most", explanation_remarks(summary.explanation), ""),
        ("What searches found", search_remarks(summary.searches), ""),
        ("Features left out", selection_remarks(summary.removed), ""),
        (
            "Suspected leaks: do not believe the scores yet",
            leak_warnings(summary.leaks, summary.late_columns),
            "red",
        ),
        ("What models learned from", learning_remarks(summary.learning), ""),
        ("Worth knowing about the data", _data_remarks(summary), "yellow"),
    ):
        _print_named(console, title, list(found), style=style)
    console.print(work_table(summary))
    console.print()
    _print_places(summary, console, relative_to or Path.cwd())


def _headline(summary: RunSummary) -> Text:
    has_succeeded = summary.status == "succeeded"
    took = f"{summary.status} in {format_seconds(summary.seconds)}"
    line = Text.assemble(
        (summary.case, "bold"), "  ", (took, "green" if has_succeeded else "bold red")
    )
    line.append(f"\nrun {summary.run_id}", style="dim")
    if summary.repeats:
        line.append(f"\n{repetition_sentence(summary.repeats)}", style="dim")
    if summary.error:
        line.append(f"\n{summary.error}", style="red")
    return line


def _data_remarks(summary: RunSummary) -> Iterator[tuple[str, str]]:
    """Say what is odd about the data, if anything is."""
    for name, facts in summary.data.items():
        for text in remarks(facts):
            yield name, text
    if drifted := drift_remark(summary.drift):
        yield "population", drifted


def _print_named(
    console: Console, title: str, found: Sequence[tuple[str, str]], *, style: str
) -> None:
    """Print what is said of each name; nothing, not even the title, where nothing is."""
    if not found:
        return
    table = Table.grid(padding=(0, 2))
    for name, text in found:
        table.add_row(Text(name, style="dim"), Text(text, style=style))
    console.print(Text(title, style="bold"), table, sep="\n")
    console.print()


def _print_places(summary: RunSummary, console: Console, relative_to: Path) -> None:
    """Print without wrapping, so that every path and command can be copied whole."""
    found = places(summary, relative_to=relative_to)
    width = max(len(place.label) for place in found) + 2
    for place in found:
        line = Text.assemble((place.label.ljust(width), "bold"), place.where)
        if place.note:
            line.append(f"  {place.note}", style="dim")
        console.print(line, soft_wrap=True)
        if place.command:
            indent = " " * width
            console.print(
                Text.assemble((f"{indent}$ ", "dim"), (place.command, "cyan")), soft_wrap=True
            )


def _replace_what_cannot_be_encoded(console: Console) -> None:
    """Let a terminal without Unicode show question marks where it would stop the program."""
    if isinstance(console.file, TextIOWrapper) and not console.encoding.startswith("utf"):
        console.file.reconfigure(errors="replace")
