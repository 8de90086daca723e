"""The files that a digest goes into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from gokart_store import write_whole

from kpi_digest.digest import Digest
from kpi_digest.errors import DigestError, OutputError

__all__ = ["check_outputs", "write_digest"]


def _renderers() -> dict[str, Callable[[Digest], str]]:
    from kpi_digest.rendering import render_html, render_json, render_markdown

    return {".html": render_html, ".md": render_markdown, ".json": render_json}


def check_outputs(paths: Sequence[Path]) -> None:
    """Refuse, before anything is read, a file that could not be written.

    Raises:
        DigestError: Its ending is unknown, or its folder is missing.
    """
    for path in paths:
        if path.suffix not in (known := _renderers()):
            raise DigestError(f"--out {path} must end in one of {', '.join(known)}.")
        if not path.parent.is_dir():
            raise DigestError(f"--out {path}: there is no folder {path.parent}; make it first.")


def write_digest(digest: Digest, paths: Sequence[Path]) -> None:
    """Write each file whole or not at all; its ending says what it becomes.

    Raises:
        OutputError: The disk takes no more.
    """
    for path in paths:
        try:
            write_whole(path, _renderers()[path.suffix](digest))
        except OSError as error:
            raise OutputError(f"--out {path} cannot be written: {error.strerror}.") from error
