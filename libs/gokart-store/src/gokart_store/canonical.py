"""Canonical JSON: one text for one meaning, whatever the order of keys or form of numbers."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from gokart_store.errors import ParameterValueError

__all__ = ["JSON", "canonical_json", "digest"]

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


def canonical_json(value: Any) -> str:
    """Write a JSON value in its one canonical form.

    Keys are sorted, no space is left, and numbers are normalised: `1.0` is written as `1`, and
    `-0.0` as `0`. `True` and `1` stay different.

    Raises:
        ParameterValueError: If the value, or a value inside it, is not JSON: a NaN, an infinity, a
            key that is not a string, an object of another type.

    Example:
        >>> canonical_json({"b": 1.0, "a": (True, None)})
        '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        _normalised(value, "$"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def digest(value: Any) -> str:
    """Return the sha256 of the canonical JSON of a value, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _normalised(value: Any, path: str) -> Any:
    # str, int and float subclasses (an enum member, numpy.float64) become the plain value.
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _normalised_number(float(value), path)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise ParameterValueError(
                    f"{path} has the key {key!r}; the keys of a JSON object must be strings."
                )
        return {str.__str__(key): _normalised(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_normalised(item, f"{path}[{i}]") for i, item in enumerate(value)]
    raise ParameterValueError(
        f"{path} is {value!r} of type {type(value).__name__}, which JSON cannot express; "
        "use None, a bool, a number, a string, a list or a dict with string keys."
    )


def _normalised_number(number: float, path: str) -> int | float:
    if not math.isfinite(number):
        raise ParameterValueError(
            f"{path} is {number}; a number in a parameter must be finite. Use None for 'no value'."
        )
    return int(number) if number.is_integer() else number
