"""How far a booster has come, in one file that executes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from gokart_store import digest, write_whole

from yule_models.estimators.checkpoint_file import CheckpointFile

__all__ = ["BoosterCheckpoint", "BoosterCourse", "digest_of"]

_FORMAT = 1


@dataclass(kw_only=True)
class BoosterCourse:
    """What is known of a fit after some rounds.

    Attributes:
        rounds: Rounds done.
        points: The learning curve: the values of each round; empty where it is not told.
        losses: The inner loss of each round; empty where there are no inner rows.
        text: LightGBM's form of the booster.
        is_finished: Whether there is nothing left to do.
    """

    rounds: int = 0
    points: list[dict[str, float]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    text: str = ""
    is_finished: bool = False


class BoosterCheckpoint(CheckpointFile):
    """A file that is replaced now and then."""

    def write(self, course: BoosterCourse) -> None:
        """Replace the file."""
        stored = {"format": _FORMAT, "fit": self.fit, **asdict(course)}
        write_whole(self.path, json.dumps(stored).encode())

    def read(self) -> BoosterCourse | None:
        """Return how far this fit has come; None where that is not known."""
        try:
            stored = json.loads(self.path.read_bytes())
            if (stored.pop("format"), stored.pop("fit")) != (_FORMAT, self.fit):
                return None
            return BoosterCourse(**stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def digest_of(facts: Mapping[str, Any], arrays: Iterable[npt.NDArray[Any]]) -> str:
    """Return a digest of JSON and of arrays, their shapes and types included."""
    found = hashlib.sha256(digest(facts).encode())
    for array in arrays:
        found.update(f"{array.shape} {array.dtype}\n".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
