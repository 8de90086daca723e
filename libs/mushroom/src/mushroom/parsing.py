"""Options that arrive as JSON, as models of pydantic."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mushroom.errors import EntityError

__all__ = ["parse_options"]

T = TypeVar("T", bound=BaseModel)


def parse_options(model: type[T], value: Any, *, called: str) -> T:
    """The options in a JSON value.

    Args:
        model: What they are.
        value: The JSON value.
        called: What an error calls the whole.

    Raises:
        EntityError: The value does not fit; the message has one line for each fault.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = (
            f"`{'.'.join(map(str, (called, *fault['loc'])))}`: {fault['msg']}; "
            f"got {fault['input']!r}."
            for fault in error.errors()
        )
        raise EntityError("\n".join(faults)) from error
