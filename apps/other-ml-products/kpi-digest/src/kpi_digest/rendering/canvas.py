"""What all plots have in common: a bare frame, the page's colours, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from kpi_digest.findings import format_day

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["BACK", "GRID", "INK", "KEPT", "LOST", "MUTED", "NEW", "PAPER", "SOFT", "canvas",
           "mark_weeks", "to_svg"]  # fmt: skip

# Stand-ins that become the page's CSS variables, so that plots follow its light and dark colours.
_VARIABLES = {
    "#0a0a01": "ink",
    "#0a0a02": "muted",
    "#0a0a03": "line",
    "#0a0a04": "panel",
    "#0a0a05": "soft",
    "#0a0a06": "kept",
    "#0a0a07": "new",
    "#0a0a08": "back",
    "#0a0a09": "lost",
}
INK, MUTED, GRID, PAPER, SOFT, KEPT, NEW, BACK, LOST = _VARIABLES

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kpi-digest",
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "path.simplify": False,
    "text.parse_math": False,
}
_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}
_SIZE = (6.4, 3.3)
_MOST_LABELS = 7


def canvas() -> tuple[Figure, Axes]:
    """A figure with one plot that has a faint grid and no box."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    axes.spines[:].set_visible(False)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, length=0, pad=6, labelsize=9.5)
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    return figure, axes


def mark_weeks(axes: Axes, mondays: Sequence[date]) -> None:
    """Label the weeks, which stand at 0, 1, 2 …, by their Mondays; the last always."""
    step = -(-len(mondays) // _MOST_LABELS)
    places = sorted(range(len(mondays) - 1, -1, -step))
    axes.set_xticks(places, [format_day(mondays[place]) for place in places])
    axes.set_xlim(-0.6, len(mondays) - 0.4)


def to_svg(figure: Figure, *, name: str, description: str) -> Markup:
    """Inline SVG.

    Args:
        figure: The figure; nothing global is touched.
        name: Prefix of the ids within, unique in the page.
        description: What is to be seen, for those who cannot see it.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    file = io.StringIO()
    with mpl.rc_context(_SETTINGS):
        FigureCanvasSVG(figure).print_svg(file, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'((?:id|href)="#?|url\(#)', rf"\g<1>{name}-", text)
    for color, variable in _VARIABLES.items():
        text = text.replace(color, f"var(--{variable})")
    text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
    label = f'<svg role="img" aria-label="{escape(description)}" '
    # matplotlib escapes the text of its labels; everything else in here is numbers.
    return Markup(text.replace("<svg ", label, 1))  # noqa: S704
