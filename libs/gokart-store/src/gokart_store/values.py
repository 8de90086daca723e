"""The values of luigi's own parameters: their types, and how an identity writes them."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any

import luigi

from gokart_store.errors import ParameterValueError
from gokart_store.parameters import UpstreamListParameter

__all__ = ["canonical_value", "check_value"]


def _is_whole(value: Any) -> bool:
    # 1, 1.0 and True are one value to luigi, and one identity.
    return isinstance(value, Real) and value % 1 == 0


_TAKEN: dict[type, tuple[Callable[[Any], bool], str]] = {
    luigi.Parameter: (lambda value: isinstance(value, str), "a text"),
    luigi.IntParameter: (_is_whole, "a whole number"),
    luigi.FloatParameter: (lambda value: isinstance(value, Real), "a number"),
}
"""By the class of a parameter what it takes; luigi only warns, and of texts alone."""


def check_value(parameter: Any, value: Any, name: str) -> None:
    """Refuse a value of another type than the parameter's.

    Args:
        parameter: A parameter of luigi's; one that may be missing takes what luigi lets through.
        value: What luigi has made of the value given.
        name: How the error calls the parameter.

    Raises:
        ParameterValueError: If it is of another type.
    """
    if type(parameter) in _TAKEN:
        is_taken, words = _TAKEN[type(parameter)]
        if not is_taken(value):
            raise ParameterValueError(f"{name} takes {words}, got {value!r}.")
    # luigi turns what is not a bool into None without a word.
    elif value is None and _is_flag(parameter):
        raise ParameterValueError(f"{name} was given a value other than True and False.")


def canonical_value(parameter: Any, value: Any) -> Any:
    """What an identity says of a value, as JSON."""
    if isinstance(parameter, UpstreamListParameter):
        return [task.make_unique_id() for task in value]
    # luigi's instance cache takes 1, 1.0 and True for one value and keeps what came first.
    if value is not None and isinstance(parameter, luigi.BoolParameter):
        return bool(value)
    if value is not None and isinstance(parameter, luigi.IntParameter):
        return int(value)
    if value is not None and isinstance(parameter, luigi.FloatParameter):
        return float(value)
    return parameter.serialize(value)


def _is_flag(parameter: Any) -> bool:
    """Whether it takes True and False alone."""
    is_optional = isinstance(parameter, luigi.parameter.OptionalParameterMixin)
    return isinstance(parameter, luigi.BoolParameter) and not is_optional
