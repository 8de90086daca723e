import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from many_targets import many_targets
from playwright.sync_api import Browser, sync_playwright
from shop import run_yule

SHOTS = Path(__file__).parents[2] / ".nox" / "results" / "screenshots"
# Nothing of the browser's own may go to the network, and root has no sandbox.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a real run, with all that is drawn of any kind of target."""
    case = many_targets(tmp_path_factory.mktemp("shop"))
    completed = run_yule("run", case)
    assert completed.returncode == 0, completed.stderr
    (path,) = case.parent.glob(".yule/runs/*/report.html")
    return path


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "there is no chromium: `make test-system` installs it, as root on Debian"
    home = str(tmp_path_factory.mktemp("home"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, env={**os.environ, "HOME": home}
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """The folder for pictures of the pages, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    return SHOTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for path in sorted(SHOTS.glob("*.png")):
        terminalreporter.write_line(f"picture: {path}")
