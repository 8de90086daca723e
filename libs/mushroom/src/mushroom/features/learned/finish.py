"""For methods whose query finds what describes entities as it is."""

from __future__ import annotations

import pyarrow as pa
from pydantic import BaseModel

from mushroom.features.learned.method import State

__all__ = ["as_found"]


def as_found(options: BaseModel, found: pa.Table, *, entities: pa.Table, state: State) -> pa.Table:
    """The rows as they were found."""
    del options, entities, state
    return found
