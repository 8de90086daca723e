"""The digest as a page."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpi_digest.digest import Digest
from kpi_digest.findings import headline, key_figures
from kpi_digest.rendering.plots import plots_of

__all__ = ["render_html"]


def render_html(digest: Digest) -> str:
    """One HTML text that fetches nothing and runs nothing."""
    environment = Environment(
        loader=PackageLoader("kpi_digest.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    folder = files("kpi_digest.rendering").joinpath("templates")
    style = folder.joinpath("style.css").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        style=Markup(style),  # noqa: S704 - our own file
        digest=digest,
        headline=headline(digest),
        figures=list(key_figures(digest)),
        plots=list(plots_of(digest)),
    )
