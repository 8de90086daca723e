"""The summary as text."""

from __future__ import annotations

from collections.abc import Iterable
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
    _print_contacts(summary, console)
    _print_explanation(summary, console)
    _print_removed(summary, console)
    _print_leaks(summary, console)
    _print_learning(summary, console)
    _print_remarks(summary, console)
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


def _print_contacts(summary: RunSummary, console: Console) -> None:
    """Print whom to contact, where the case says what a contact costs."""
    found = list(contact_remarks(summary.contacts))
    if found:
        _print_named(console, "Whom to contact", found, style="")


def _print_explanation(summary: RunSummary, console: Console) -> None:
    """Print which features scores go by, where the case asks."""
    found = list(explanation_remarks(summary.explanation))
    if found:
        _print_named(console, "What the scores go by most", found, style="")


def _print_removed(summary: RunSummary, console: Console) -> None:
    """Print which features selection left out, where the case asks for it."""
    found = list(selection_remarks(summary.removed))
    if found:
        _print_named(console, "Features left out", found, style="")


def _print_leaks(summary: RunSummary, console: Console) -> None:
    """Print which features may know the outcome, if any may."""
    found = list(leak_warnings(summary.leaks))
    if found:
        _print_named(console, "Suspected leaks: do not believe the scores yet", found, style="red")


def _print_learning(summary: RunSummary, console: Console) -> None:
    """Print what models learned from besides the labels of what they predict, if anything."""
    found = list(learning_remarks(summary.learning))
    if found:
        _print_named(console, "What models learned from", found, style="")


def _print_remarks(summary: RunSummary, console: Console) -> None:
    """Print what is odd about the data, if anything is."""
    found = [(name, text) for name, facts in summary.data.items() for text in remarks(facts)]
    if drifted := drift_remark(summary.drift):
        found.append(("population", drifted))
    if not found:
        return
    _print_named(console, "Worth knowing about the data", found, style="yellow")


def _print_named(
    console: Console, title: str, found: Iterable[tuple[str, str]], *, style: str
) -> None:
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
