"""The report of a real run, in a real browser: nothing fetched, nothing wrong, usable by all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


@dataclass
class Visit:
    """An open report, and what happened while it was opened."""

    page: Page
    scheme: Scheme
    size: str
    said: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        self.said.append(f"{message.type}: {message.text}")

    def see(self, request: Request) -> None:
        self.requested.append(request.url)


@pytest.fixture(
    scope="module", params=[(c, s) for c in ("light", "dark") for s in SIZES], ids="-".join
)
def visit(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Visit]:
    scheme, size = request.param
    width, height = SIZES[size]
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    visit = Visit(page=context.new_page(), scheme=scheme, size=size)
    visit.page.on("console", visit.hear)
    visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
    visit.page.on("request", visit.see)
    visit.page.goto(report.as_uri(), wait_until="load")
    for details in visit.page.locator("details").all():
        if details.get_attribute("open") is None:
            details.locator("summary").click()
    yield visit
    context.close()


def test_it_fetches_nothing_and_the_console_stays_empty(visit: Visit, report: Path) -> None:
    assert visit.said == []
    assert visit.requested == [report.as_uri()]


def test_it_shows_what_the_run_found(visit: Visit) -> None:
    page = visit.page

    assert page.get_by_role("heading", level=1).inner_text() == "shop"
    assert page.get_by_role("heading", level=2, name="ordered").is_visible()
    assert page.locator("svg").count() >= 16
    for plot in page.locator("svg").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 60


def test_every_link_leads_somewhere(visit: Visit) -> None:
    for link in visit.page.locator("nav a").all():
        target = link.get_attribute("href")
        assert target is not None
        assert visit.page.locator(target).count() == 1


def test_the_page_never_scrolls_sideways(visit: Visit) -> None:
    root = "document.documentElement"

    assert visit.page.evaluate(f"{root}.scrollWidth") <= visit.page.evaluate(f"{root}.clientWidth")


def test_no_value_breaks_letter_by_letter(visit: Visit) -> None:
    widths = "codes => codes.map(code => code.getBoundingClientRect().width)"

    assert min(visit.page.locator("td code").evaluate_all(widths)) > 150


def test_light_and_dark_differ(visit: Visit) -> None:
    red = visit.page.evaluate(
        "Number(getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/)[0])"
    )

    assert (red > 200) == (visit.scheme == "light")


def test_axe_finds_nothing_that_shuts_people_out(visit: Visit, shots: Path) -> None:
    visit.page.screenshot(path=shots / f"report-{visit.scheme}-{visit.size}.png", full_page=True)

    found = [
        f"{violation['impact']}: {violation['id']}: {violation['help']}: {node['target']}"
        for violation in Axe().run(visit.page).response["violations"]
        for node in violation["nodes"]
    ]

    assert found == []
