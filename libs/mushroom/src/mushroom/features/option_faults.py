"""What pydantic found wrong with options, in the project's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mushroom.features.error import FeatureError
from mushroom.names import suggest

__all__ = ["option_faults"]

_QUOTED = re.compile(r"'([^']+)'")


def option_faults(error: ValidationError, *, known: Sequence[str]) -> FeatureError:
    """All faults of a validation, each with its path and, for an unknown name, a suggestion.

    Args:
        error: What pydantic raised.
        known: The options that there are.

    Returns:
        The first, which holds the others.
    """
    faults = error.errors(include_url=False)
    # Of a list whose items are all wrong, pydantic says too that it has no items.
    inner = {fault["loc"][:-1] for fault in faults if fault["loc"]} - {()}
    first, *others = (_fault(fault, known) for fault in faults if fault["loc"] not in inner)
    return FeatureError(first.message, path=first.path, others=others)


def _fault(fault: ErrorDetails, known: Sequence[str]) -> FeatureError:
    path = fault["loc"]
    option = str(path[-1]) if path else "options"
    match fault["type"]:
        case "extra_forbidden":
            message = f"There is no option {option!r}; {suggest(option, known)}"
        case "missing":
            message = f"The option `{option}` is missing; add it."
        case "literal_error":
            choices = _QUOTED.findall(str(fault.get("ctx", {}).get("expected", "")))
            message = (
                f"{fault['input']!r} is not known here; {suggest(str(fault['input']), choices)}"
            )
        case "value_error":
            message = str(fault["ctx"]["error"])
        case _:
            message = f"`{option}`: {fault['msg']}, got {fault['input']!r}."
    return FeatureError(message, path=path)
