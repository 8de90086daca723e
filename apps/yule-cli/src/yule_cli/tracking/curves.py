"""Puts the learning curves of a run where TensorBoard finds them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

__all__ = ["link_curves"]


def link_curves(curves: Mapping[tuple[str, int], Path], folder: Path) -> Path:
    """Link each fit's folder of curves as `<model>/fold-<fold>` below `folder`.

    Curves need not exist yet: a worker fills them while TensorBoard looks on. Links are relative,
    so that the state folder can be moved as a whole; made again, they replace the old ones.

    Args:
        curves: Folder with event files, by model and fold.
        folder: The run's TensorBoard folder.

    Returns:
        `folder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for (model, fold), target in curves.items():
        place = folder / model
        place.mkdir(exist_ok=True)
        link = place / f".{uuid.uuid4().hex}"
        link.symlink_to(_relative(target, place), target_is_directory=True)
        link.replace(place / f"fold-{fold}")
    return folder


def _relative(target: Path, place: Path) -> str:
    """Return the path from `place`, whose own symbolic links are followed when it is read."""
    try:
        return os.path.relpath(target.resolve(), place.resolve())
    except ValueError:
        return str(target.absolute())
