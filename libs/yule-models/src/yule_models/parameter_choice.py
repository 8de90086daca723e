"""A parameter that is one of a few words."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

__all__ = ["Choice"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One parameter of a kind of model, of a few values that have names.

    Attributes:
        default: Its value where none is given.
        others: What else it may be.
        doc: What it does.
    """

    default: str
    others: tuple[str, ...]
    doc: str

    @property
    def values(self) -> tuple[str, ...]:
        """All that it may be."""
        return (self.default, *self.others)

    def json_schema(self) -> dict[str, Any]:
        """Return the parameter's JSON Schema."""
        return {"enum": list(self.values), "default": self.default, "description": self.doc}

    def normal(self, value: str) -> str:
        """Return a valid value as it is."""
        return value

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or None."""
        if value in self.values:
            return None
        near = difflib.get_close_matches(str(value), self.values, n=1)
        return f"must be {' or '.join(self.values)}" + (f" (nearly {near[0]})" if near else "")
