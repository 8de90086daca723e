"""Links between documents lead somewhere."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from documents import ROOT, documents
from markdown_it import MarkdownIt
from markdown_it.token import Token

PAGES = [
    *documents(),
    *(ROOT / name for name in ("CONTRIBUTING.md", "RELEASING.md", "benchmarks/RESULTS.md")),
    *sorted(ROOT.glob("docs/adr/*.md")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for link in links_of(page):
        target, _, anchor = link.partition("#")
        place = (page.parent / target).resolve() if target else page
        assert place.is_relative_to(ROOT), f"{link} leaves the repository"
        assert place.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in anchors_of(place), f"{link}: {sorted(anchors_of(place))}"


def test_every_page_is_found_from_the_index() -> None:
    found = linked_from(ROOT / "docs/README.md")
    for index in [page for page in found if page.name == "README.md" and "docs" in page.parts]:
        found |= linked_from(index)
    adrs = set((ROOT / "docs/adr").glob("*.md"))

    assert set((ROOT / "docs").glob("**/*.md")) - adrs - {ROOT / "docs/README.md"} <= found


def test_decisions_are_numbered_once_and_as_their_files() -> None:
    pages = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    numbers = [int(page.name.partition("-")[0]) for page in pages]

    assert numbers == list(range(1, len(pages) + 1))
    for number, page in zip(numbers, pages, strict=True):
        assert page.read_text(encoding="utf-8").startswith(f"# {number:04d}. ")


def linked_from(page: Path) -> set[Path]:
    return {(page.parent / link.partition("#")[0]).resolve() for link in links_of(page)}


def links_of(page: Path) -> list[str]:
    found = [str(token.attrGet("href")) for token in inline_of(page) if token.type == "link_open"]
    return [link for link in found if not link.startswith(("http:", "https:", "mailto:"))]


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    tokens = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    headings = [b.content for a, b in pairwise(tokens) if a.type == "heading_open"]
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def inline_of(page: Path) -> list[Token]:
    tokens = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    return [child for token in tokens for child in token.children or []]
