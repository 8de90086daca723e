"""What a benchmark measures, as one line of JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Result"]

_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Result:
    """One comparison.

    Attributes:
        ours: What Yule needs, or reaches.
        reference: The same of what it is compared with, measured in the same run.
        unit: Of both.
        goal: The goal in words.
        is_met: Whether it is met.
        details: Whatever else was measured; JSON.
    """

    ours: float
    reference: float
    unit: str
    goal: str
    is_met: bool
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_line(self, name: str) -> str:
        """Return the line that a benchmark ends with."""
        values = {
            "name": name,
            "ours": self.ours,
            "reference": self.reference,
            "ratio": self.ours / self.reference,
            "unit": self.unit,
            "goal": self.goal,
            "is_met": self.is_met,
            **self.details,
            # How busy the machine was: compare no figures where this exceeds its cores.
            "load": os.getloadavg()[0],
        }
        return json.dumps({key: _rounded(value) for key, value in values.items()})


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
