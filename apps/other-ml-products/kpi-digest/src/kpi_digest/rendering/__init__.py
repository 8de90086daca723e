"""A digest as one HTML file, as Markdown, and as JSON; the same digest gives the same bytes."""

from kpi_digest.rendering.as_json import render_json
from kpi_digest.rendering.markdown import render_markdown
from kpi_digest.rendering.page import render_html

__all__ = ["render_html", "render_json", "render_markdown"]
