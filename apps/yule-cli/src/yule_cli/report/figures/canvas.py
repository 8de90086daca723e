"""What all plots have in common: a bare frame, the page's colours, the same bytes every time."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "ACCENT",
    "BAD",
    "GRID",
    "INK",
    "MUTED",
    "SOFT",
    "canvas",
    "percent",
    "shortened",
    "to_svg",
]

# Stand-ins that become the page's CSS variables, so that plots follow its light and dark colours.
INK, MUTED, GRID, ACCENT, SOFT = "#0b0b0b", "#0c0c0c", "#0d0d0d", "#0e0e0e", "#0f0f0f"
BAD = "#0a0a0a"
_VARIABLES = {INK: "ink", MUTED: "muted", GRID: "line", ACCENT: "accent", SOFT: "soft", BAD: "bad"}

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "yule",
    "font.size": 10,
    "font.family": "DejaVu Sans",
    "path.simplify": False,
    # Names of cases, features and models are text, never formulas.
    "text.parse_math": False,
}
_MAX_NAME = 48
_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of this size in inches, with one plot that has a faint grid and no box."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.add_subplot()
    figure.patch.set_alpha(0)
    axes.patch.set_alpha(0)
    axes.spines[:].set_visible(False)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=MUTED, length=0, pad=6, labelsize=9.5)
    axes.xaxis.label.set_color(MUTED)
    axes.yaxis.label.set_color(MUTED)
    return figure, axes


def to_svg(figure: Figure, *, name: str, description: str) -> Markup:
    """Return inline SVG.

    Args:
        figure: The figure; nothing global is touched.
        name: Prefix of the ids within, unique in the page.
        description: What is to be seen, for those who cannot see it.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    file = io.StringIO()
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # Only the layout asks for these widths: it is the reader's browser that has the fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        # Not `savefig`, which draws everything a first time to find out its size.
        drawn = FigureCanvasSVG(figure)
        drawn.print_svg(file, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'((?:id|href)="#?|url\(#)', rf"\g<1>{name}-", text)
    for color, variable in _VARIABLES.items():
        text = text.replace(color, f"var(--{variable})")
    text = re.sub(r' (width|height)="[\d.]+pt"', "", text, count=2)
    label = escape(description)
    text = text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    # matplotlib escapes the text of its labels; everything else in here is numbers.
    return Markup(text)  # noqa: S704


def percent(value: float, _position: float) -> str:
    """Label a tick of an axis of shares."""
    return f"{value:.0%}"


def shortened(name: str) -> str:
    """Return the name of a feature or a class, cut to what fits beside a plot."""
    return name if len(name) <= _MAX_NAME else f"{name[: _MAX_NAME - 1]}…"
