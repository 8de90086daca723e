import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from yule_cli.summary import RunPaths, RunSummary, print_summary

GOLDEN = Path(__file__).parent / "golden"


def printed(summary: RunSummary, width: int) -> str:
    file = io.StringIO()
    print_summary(summary, Console(file=file, width=width), relative_to=Path("/home/me/shop"))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("width", [80, 120])
def test_a_first_run(summary: RunSummary, width: int) -> None:
    expected = (GOLDEN / f"summary-{width}.txt").read_text(encoding="utf-8")

    assert printed(summary, width) == expected


def test_a_second_run_says_that_nothing_was_computed(second_run: RunSummary) -> None:
    text = printed(second_run, 80)

    assert (
        "Nothing to compute: all 3 results came from the cache, which saved 1 min 2 s of work."
        in text.replace("\n", " ")
    )


def test_a_failed_run_names_the_cause_and_where_it_got_to(summary: RunSummary) -> None:
    paths = RunPaths(run=Path("/r"), resolved=Path("/r/resolved.json"))
    failed = replace(
        summary, status="failed", error="[bold]fold 3[/bold] failed.", targets=(), paths=paths
    )

    text = printed(failed, 80)

    assert "failed in 1 min 23 s" in text
    assert "[bold]fold 3[/bold] failed." in text


def test_suspected_leaks_are_printed_below_the_scores(leaking: RunSummary) -> None:
    text = printed(leaking, 80)

    assert text.index("ensemble") < text.index("Suspected leaks") < text.index("Worth knowing")
    assert "purchased  calls.duration, calls.minutes alone foretell" in text


def test_a_pipe_gets_no_colours(summary: RunSummary) -> None:
    assert "\x1b[" not in printed(summary, 80)


def test_a_terminal_gets_colours(summary: RunSummary) -> None:
    file = io.StringIO()

    print_summary(summary, Console(file=file, force_terminal=True, color_system="standard"))

    assert "\x1b[1;32mensemble" in file.getvalue()


def test_a_terminal_without_unicode_gets_question_marks(summary: RunSummary) -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")

    print_summary(summary, Console(file=file, width=80))

    file.flush()
    assert b"0.820 ? 0.014" in raw.getvalue()
