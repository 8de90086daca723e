"""What the sections of a case file have in common: no unknown fields, names, lengths of time."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

__all__ = ["Duration", "Name", "NameSchema", "Section", "checked_name"]


def checked_name(value: str) -> str:
    """The name, if it can stand in folders, columns and labels of all kinds.

    Raises:
        ValueError: It cannot.
    """
    if not re.fullmatch(_NAME, value):
        raise ValueError("use letters of English, digits, - and _, at most 63, the first a letter")
    return value


def _checked_duration(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(_DURATION, value):
        raise ValueError("write a number and a unit of h, d or w, as in 60d")
    return value


_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,62}"
_DURATION = r"[1-9][0-9]*[hdw]"
NameSchema = WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"})
Name = Annotated[str, AfterValidator(checked_name), NameSchema]
Duration = Annotated[
    str,
    BeforeValidator(_checked_duration),  # before: quotes round a bare number would not help
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION}$"}),
]


class Section(BaseModel):
    """A section that cannot be changed, and refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
