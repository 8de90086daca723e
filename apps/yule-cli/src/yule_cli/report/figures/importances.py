"""Which features matter."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from yule_cli.report.figures.canvas import ACCENT, INK, MUTED, canvas, to_svg

__all__ = ["importances_figure", "shortened"]

_MOST = 20
_MAX_NAME = 48


def importances_figure(shares: Mapping[str, float], *, name: str, form: str = ".1%") -> Markup:
    """Draw the most important features, the largest on top, with their shares or values."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    labels = [shortened(feature) for feature, _ in ranked]
    values = [share for _, share in ranked]
    places = range(len(ranked))
    figure, axes = canvas(11, 0.6 + 0.27 * len(ranked))
    axes.barh(places, values, height=0.62, color=ACCENT)
    axes.grid(visible=False)
    axes.set_yticks(places, labels)
    axes.tick_params(axis="y", colors=INK)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_xlim(0, max([*values, 0.0]) * 1.08 or 1)
    axes.set_ylim(len(ranked) - 0.4, -0.6)
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            f"{value:{form}}",
            (value, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
        )
    first = ", ".join(f"{feature} {share:{form}}" for feature, share in ranked[:3])
    return to_svg(figure, name=name, description=f"Importance of features: {first}.")


def shortened(feature: str) -> str:
    """Return a name that fits beside a plot."""
    return feature if len(feature) <= _MAX_NAME else f"{feature[: _MAX_NAME - 1]}…"
