"""Says what the last checks came to: each session, each thing that did not run, and the totals.

    python tools/summarise.py .nox/results/test.json .nox/results/system.json

reads nox's reports, and what pytest has left beside them (`SESSION.xml`). A session without tests
of its own, such as lint, counts as one check, and so does a report that was not written. The last
line has the totals: `N passed, N failed, N skipped`. Of a session on a further Python it says how
many of the package's tests it has left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

__all__ = ["Check", "Session", "main", "read_sessions", "summary"]

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
_OF_NOX = {"success": PASSED, "skipped": SKIPPED}


@dataclass(frozen=True, kw_only=True)
class Check:
    """One test.

    Attributes:
        name: Its module, class and function.
        outcome: "passed", "failed" or "skipped"; what fails as expected counts as skipped.
        reason: Why it did not run, or "".
    """

    name: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session of nox.

    Attributes:
        name: As `nox -l` has it.
        outcome: "passed", "failed" or "skipped".
        reason: Why it did not run or failed, or "".
        duration_s: Seconds that it took.
        checks: Its tests.
    """

    name: str
    outcome: str
    reason: str
    duration_s: float
    checks: tuple[Check, ...]


def main(reports: Sequence[Path]) -> int:
    """Print the summary; return 1 if anything failed or left no report."""
    sessions = [session for report in reports for session in read_sessions(report)]
    print("\n".join(summary(sessions)))
    return 1 if any(session.outcome == FAILED for session in sessions) else 0


def read_sessions(report: Path) -> Iterator[Session]:
    """Return the sessions of one report of nox, in the order of their runs."""
    if not report.exists():
        yield Session(
            name=report.stem,
            outcome=FAILED,
            reason=f"it has left no {report}: it never began, or was killed",
            duration_s=0.0,
            checks=(),
        )
        return
    for entry in json.loads(report.read_text("utf-8"))["sessions"]:
        name = (entry["signatures"] or [entry["name"]])[0]
        yield Session(
            name=name,
            outcome=_OF_NOX.get(entry["result"], FAILED),
            reason=entry["reason"] or "",
            duration_s=entry["duration"],
            checks=tuple(_checks(report.with_name(f"{name}.xml"))),
        )


def summary(sessions: Sequence[Session]) -> Iterator[str]:
    """Return the lines of the summary."""
    yield "Sessions"
    for session in sessions:
        tests = f", {_totals(session.checks)}" if session.checks else ""
        reason = f": {session.reason}" if session.reason else ""
        yield f"  {session.outcome:8}{session.duration_s:6.0f} s  {session.name}{tests}{reason}"
    skipped = [
        f"  {session.name}: {check.name}: {check.reason}"
        for session in sessions
        for check in session.checks
        if check.outcome == SKIPPED
    ]
    skipped += [f"  {one.name}: {one.reason}" for one in sessions if one.outcome == SKIPPED]
    skipped += _left_out(sessions)
    yield "Did not run"
    yield from skipped or ["  nothing: all that there is has run"]
    yield f"{sum(session.duration_s for session in sessions) / 60:.1f} minutes"
    yield _totals([check for session in sessions for check in _counted(session)])


def _checks(path: Path) -> Iterator[Check]:
    if not path.exists():
        return
    for case in ET.parse(path).iter("testcase"):  # noqa: S314 - pytest wrote it, just now
        name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            yield Check(name=name, outcome=FAILED)
        elif skipped is not None:
            reason = " ".join((skipped.get("message") or "no reason given").split())
            gap = "a known gap, " if skipped.get("type") == "pytest.xfail" else ""
            yield Check(name=name, outcome=SKIPPED, reason=gap + reason)
        else:
            yield Check(name=name, outcome=PASSED)


def _left_out(sessions: Sequence[Session]) -> Iterator[str]:
    """Tell of `pythons-3.12(shop)` how many tests of `tests(shop)` are not in it."""
    tests = {session.name: {check.name for check in session.checks} for session in sessions}
    for name, own in tests.items():
        python, _, package = name.partition("(")
        left = tests.get(f"tests({package}", set()) - own
        if python.startswith("pythons-") and own and left:
            yield f"  {name}: {len(left)} tests of tests({package}, as noxfile.py says"


def _counted(session: Session) -> list[Check]:
    """Return its tests, and the session itself where those do not tell its outcome."""
    if session.outcome in {check.outcome for check in session.checks}:
        return list(session.checks)
    return [*session.checks, Check(name=session.name, outcome=session.outcome)]


def _totals(checks: Sequence[Check]) -> str:
    count = Counter(check.outcome for check in checks)
    return f"{count[PASSED]} passed, {count[FAILED]} failed, {count[SKIPPED]} skipped"


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]]))
