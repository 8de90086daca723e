"""What the sections of a case file have in common: no unknown fields, names, lengths of time."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema

__all__ = ["Duration", "Name", "Section"]


def _checked_name(value: str) -> str:
    if not re.fullmatch(_NAME, value):
        raise ValueError("use letters, digits, - and _, at most 63, the first a letter")
    return value


def _checked_duration(value: str) -> str:
    if not re.fullmatch(_DURATION, value):
        raise ValueError("write a number and a unit of h, d or w, as in 60d")
    return value


_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,62}"
_DURATION = r"[1-9][0-9]*[hdw]"
Name = Annotated[
    str, AfterValidator(_checked_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"})
]
Duration = Annotated[
    str,
    AfterValidator(_checked_duration),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"}),
]


class Section(BaseModel):
    """A section that cannot be changed, and refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
