"""Figures of classes: what they say must not cover what they show."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, fromstring

from yule_cli.report.figures.classes import class_shares_figure


def heights(element: Element) -> list[float]:
    """Return the y of all corners of the paths within, from the top of the figure down."""
    paths = " ".join(path.get("d", "") for path in element.iterfind(".//{*}path"))
    return [float(y) for y in re.findall(r"[ML] [\d.]+ ([\d.]+)", paths)]


def test_the_legend_stands_above_the_bars() -> None:
    shares = [0.4, 0.25, 0.35]
    svg = class_shares_figure(["a", "b", "c"], shares, shares, name="shares")
    parsed = fromstring(str(svg))  # noqa: S314 (our own)
    groups = {group.get("id", ""): group for group in parsed.iterfind(".//{*}g")}

    legend = heights(groups["shares-legend_1"])
    bars = [patch for name, patch in groups.items() if re.fullmatch(r"shares-patch_[3-8]", name)]

    assert len(legend) == 2 * 4
    assert len(bars) == 2 * len(shares)
    assert max(legend) < min(y for bar in bars for y in heights(bar))
