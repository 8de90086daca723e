"""The summary, over reports as nox and pytest write them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from summarise import main, read_sessions

TESTS = """
import pytest

def test_right():
    pass

@pytest.mark.skip(reason="no moon tonight")
def test_moon():
    pass

@pytest.mark.xfail(reason="not yet")
def test_gap():
    assert False
"""
WRONG = "def test_wrong():\n    assert 1 == 2\n"


def entry(name: str, result: str = "success", reason: str | None = None) -> dict[str, Any]:
    return {
        "args": {},
        "name": name.partition("(")[0],
        "result": result,
        "result_code": 1,
        "reason": reason,
        "signatures": [name],
        "duration": 30.0,
    }


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Two reports' worth of sessions: lint, the tests of one package, and a missing Python."""
    path = tmp_path / "test.json"
    sessions = [
        entry("lint"),
        entry("tests(shop)"),
        entry("pythons-3.12(shop)", "skipped", "Python interpreter 3.12 not found"),
    ]
    path.write_text(json.dumps({"result": 1, "sessions": sessions}))
    run_pytest(tmp_path, "tests(shop)", TESTS)
    return path


def run_pytest(folder: Path, session: str, text: str) -> None:
    file = folder / "test_shop.py"
    file.write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    results = folder / f"{session}.xml"
    subprocess.run([*command, f"--junitxml={results}", file], cwd=folder, check=False)


def test_everything_is_named(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([report]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "Sessions",
        "  passed      30 s  lint",
        "  passed      30 s  tests(shop), 1 passed, 0 failed, 2 skipped",
        "  skipped     30 s  pythons-3.12(shop): Python interpreter 3.12 not found",
        "Did not run",
        "  tests(shop): test_shop.test_moon: no moon tonight",
        "  tests(shop): test_shop.test_gap: a known gap, not yet",
        "  pythons-3.12(shop): Python interpreter 3.12 not found",
        "1.5 minutes",
        "2 passed, 0 failed, 3 skipped",
    ]


def test_what_a_further_python_leaves_out_is_counted(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sessions = [entry("tests(shop)"), entry("pythons-3.12(shop)"), entry("pythons-3.13(shop)")]
    report.write_text(json.dumps({"sessions": sessions}))
    run_pytest(report.parent, "pythons-3.12(shop)", "def test_right():\n    pass\n")
    run_pytest(report.parent, "pythons-3.13(shop)", TESTS)

    assert main([report]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "  pythons-3.12(shop): 2 tests of tests(shop), as noxfile.py says" in told
    assert not [line for line in told if line.startswith("  pythons-3.13(shop): 2 tests of")]


def test_a_failed_test_fails(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_text(json.dumps({"sessions": [entry("tests(shop)", "failed")]}))
    run_pytest(report.parent, "tests(shop)", WRONG)

    assert main([report]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize("result", ["failed", "aborted"])
def test_a_session_that_fails_beside_its_tests_counts(
    report: Path, result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report.write_text(json.dumps({"sessions": [entry("tests(shop)", result, "timed out")]}))

    assert main([report]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 2 skipped"


def test_a_report_that_was_not_written_counts(
    report: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([report, report.with_name("system.json")]) == 1

    printed = capsys.readouterr().out
    assert f"system: it has left no {report.with_name('system.json')}" in printed
    assert printed.splitlines()[-1] == "2 passed, 1 failed, 3 skipped"


def test_nothing_skipped_is_said(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_text(json.dumps({"sessions": [entry("lint")]}))

    assert main([report]) == 0
    assert "  nothing: all that there is has run" in capsys.readouterr().out


def test_sessions_keep_their_order(report: Path) -> None:
    names = [session.name for session in read_sessions(report)]

    assert names == ["lint", "tests(shop)", "pythons-3.12(shop)"]
