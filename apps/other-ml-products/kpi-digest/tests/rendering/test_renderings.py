"""The page, Markdown and JSON of a digest."""

import json
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from kpi_digest import Digest
from kpi_digest.rendering import render_html, render_json, render_markdown

HOSTILE = "<script>alert('|`*')</script> & more"
FETCHING = {"src", "href", "action", "data", "poster", "srcset", "xlink:href"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_each_plot_is_told_in_words_and_in_a_table(digest: Digest) -> None:
    page = Page(render_html(digest))
    plots = page.all("svg")

    assert [plot["role"] for plot in plots] == ["img"] * 4
    assert all(re.search(r"2024-W22", str(plot["aria-label"])) for plot in plots)
    assert len(page.all("table")) == len(page.all("figure")) == len(plots)
    assert all(cell["scope"] in {"col", "row"} for cell in page.all("th"))


def test_the_page_fetches_and_runs_nothing(digest: Digest) -> None:
    page = Page(render_html(replace(digest, title=HOSTILE)))

    links = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in FETCHING
    ]
    assert all(str(link).startswith("#") for link in links)
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "iframe", "object", "img"}]
    (policy,) = [m["content"] for m in page.all("meta") if "http-equiv" in m]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_ids_are_unique_and_every_reference_is_there(digest: Digest) -> None:
    text = render_html(digest)
    ids = re.findall(r'\bid="([^"]+)"', text)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(ids)


def test_plots_take_the_pages_colours_in_light_and_dark(digest: Digest) -> None:
    text = render_html(digest)
    used = set(re.findall(r"var\(--([a-z]+)\)", text))
    light, dark = (
        dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", part))
        for part in text.partition("@media print")[0].split("prefers-color-scheme: dark")
    )

    assert used == set(light) == set(dark)
    assert "#0a0a" not in text


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_told_from_the_page(digest: Digest, theme: int) -> None:
    """WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what a plot draws (1.4.11)."""
    part = render_html(digest).partition("@media print")[0].split("prefers-color-scheme: dark")
    colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", part[theme]))

    def contrast(one: str, other: str) -> float:
        low, high = sorted((_luminance(colors[one]), _luminance(colors[other])))
        return (high + 0.05) / (low + 0.05)

    for text, ground in (("ink", "panel"), ("ink", "soft"), ("muted", "panel"), ("muted", "paper")):
        assert contrast(text, ground) >= 4.5, (text, ground)
    for mark in ("kept", "new", "back", "lost"):
        assert contrast(mark, "panel") >= 3, mark


def test_plots_are_well_formed(digest: Digest) -> None:
    plots = re.findall(r"<svg.*?</svg>", render_html(digest), flags=re.DOTALL)

    for plot in plots:
        assert ET.fromstring(plot).tag.endswith("svg")  # noqa: S314 (our own)


def test_another_process_writes_the_same_bytes(digest: Digest) -> None:
    program = (
        "import pickle, sys\n"
        "from kpi_digest.rendering import render_html\n"
        "sys.stdout.buffer.write(render_html(pickle.load(sys.stdin.buffer)).encode())"
    )
    environment = {"PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(digest),
        capture_output=True,
        env=environment,
        check=True,
    )

    assert done.stdout.decode() == render_html(digest)


def test_markdown_holds_a_name_as_text(digest: Digest) -> None:
    text = render_markdown(replace(digest, title=HOSTILE))

    assert text.splitlines()[0] == (r"# \<script\>alert('\|\`\*')\</script\> \& more: 2024-W22")
    assert "| 2024-W20 | 2 | 1 | 1 | 0 | 2 | 33 % | 3 | 1.5 |" in text.splitlines()


def test_json_says_what_is_not_known(digest: Digest) -> None:
    weeks = json.loads(render_json(digest))["weeks"]

    assert weeks[0] == {
        "week": "2024-W19",
        "monday": "2024-05-06",
        "active": 3,
        "new": 3,
        "returning": 0,
        "kept": 0,
        "back": 0,
        "lapsed": 0,
        "retention": None,
        "events": 3,
        "events_per_user": 1.0,
    }
    assert weeks[-1]["events_per_user"] is None


def test_a_single_week_is_drawn_as_well(digest: Digest) -> None:
    for number in range(4):
        page = Page(render_html(replace(digest, weeks=digest.weeks[number : number + 1])))
        assert len(page.all("svg")) == 4
