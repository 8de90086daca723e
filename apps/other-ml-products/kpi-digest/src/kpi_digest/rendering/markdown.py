"""A digest for chats, wikis and terminals."""

from __future__ import annotations

import re

from kpi_digest.digest import Digest
from kpi_digest.findings import headline, key_figures
from kpi_digest.rendering.tables import ALL, table_of

__all__ = ["render_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")


def render_markdown(digest: Digest) -> str:
    """The week in words, and all weeks as a table, the latest first."""
    table = table_of(digest, ALL)
    lines = [
        f"# {_escape(digest.title)}: {digest.last.name}",
        "",
        headline(digest),
        "",
        *(
            f"- **{figure.label}** {figure.value:,} ({figure.note})"
            for figure in key_figures(digest)
        ),
        "",
        _line(table.names),
        _line(("---", *("---:" for _ in table.names[1:]))),
        *(_line(row) for row in table.rows),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _escape(text: str) -> str:
    """A name as it is, whatever it holds."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
