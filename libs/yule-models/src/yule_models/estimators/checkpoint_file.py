"""A file of one fit, replaced now and then, that says how far the fit has come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gokart_store import remove_drafts

__all__ = ["CheckpointFile"]


@dataclass(frozen=True, kw_only=True)
class CheckpointFile:
    """A file that is replaced now and then.

    Attributes:
        path: The file.
        fit: Digest of everything that the fit follows from; what another fit has left is not read.
    """

    path: Path
    fit: str

    @classmethod
    def of(cls, folder: Path, *, name: str, fit: str) -> Self:
        """Return the checkpoint of a fit in its folder; drafts of a killed writer are removed."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        remove_drafts(path)
        return cls(path=path, fit=fit)
