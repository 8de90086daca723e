"""The values that a search may try: those of the kind, narrowed or fixed by the user."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from yule_models.errors import ModelParameterError
from yule_models.parameters import Auto, Parameter
from yule_models.registry import describe_kind
from yule_models.search_range import SearchRange

__all__ = ["SearchSpace", "check_range", "number_of", "search_space"]

SearchSpace = dict[str, dict[str, Any]]
"""By parameter: `low`, `high` and `log`; JSON."""


def search_space(
    kind: str,
    *,
    ranges: Mapping[str, Sequence[float]] | None = None,
    fixed: Collection[str] = (),
) -> SearchSpace:
    """Return what a search over a kind of model tries.

    Args:
        kind: Name of the kind.
        ranges: By parameter, the least and the largest value to try; others keep the kind's own.
        fixed: Parameters that have a value already, and are not searched.

    Returns:
        By parameter, in the order of the kind: `low`, `high`, and whether it is tried on a
        logarithmic scale (`log`).

    Raises:
        ModelParameterError: If the kind cannot be searched, a range is impossible, or nothing is
            left to search.
    """
    ranges = ranges or {}
    space = {name: known for name, known in _known(kind).items() if name not in fixed}
    for name, ends in ranges.items():
        low, high = check_range(kind, name, ends, fixed=fixed)
        space[name] = {**space[name], "low": low, "high": high}
    if not space:
        raise ModelParameterError(
            f"Nothing is left to search: `params` fixes all that a search over {kind!r} tries "
            f"({', '.join(_known(kind))}). Take one of them out of it, or leave the search out.",
            path=("search",),
        )
    return space


def check_range(
    kind: str, name: str, ends: Any, *, fixed: Collection[str] = ()
) -> tuple[int | float, int | float]:
    """Return the least and the largest value to try, in the type of the parameter.

    Raises:
        ModelParameterError: If the kind's search does not try the parameter, it is fixed, or its
            values are impossible.
    """
    known = _known(kind)
    path = ("search", "ranges", name)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]!r}?" if near else f"it tries {', '.join(known)}."
        message = f"A search over the kind {kind!r} tries no parameter {name!r}; {advice}"
        raise ModelParameterError(message, path=path)
    if name in fixed:
        raise ModelParameterError(
            f"The parameter {name!r} has a value in `params`, which fixes it, and a range to "
            "search; leave one of them out.",
            path=path,
        )
    if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != 2:
        raise ModelParameterError(
            f"The range of {name!r} must be its least and its largest value, as "
            f"[{known[name]['low']:g}, {known[name]['high']:g}], got {ends!r}.",
            path=path,
        )
    number = number_of(kind, name)
    for value in ends:
        problem = number.problem(value)
        if problem is None and known[name]["log"] and value <= 0:
            problem = "must be above 0, since it is tried on a logarithmic scale"
        if problem is not None:
            raise ModelParameterError(
                f"The range of {name!r} of the kind {kind!r} {problem}, got {value!r}.", path=path
            )
    low, high = number.normal(ends[0]), number.normal(ends[1])
    if low >= high:
        raise ModelParameterError(
            f"The range of {name!r} must rise, got {ends!r}; to fix the parameter, give it a value "
            "in `params`.",
            path=path,
        )
    return low, high


def number_of(kind: str, name: str) -> Parameter:
    """Return a searched parameter as the number that it is."""
    parameter = describe_kind(kind).parameters[name]
    number = parameter.number if isinstance(parameter, Auto) else parameter
    if not isinstance(number, Parameter):
        raise TypeError(f"{name} is no number, and has no range.")
    return number


def _known(kind: str) -> SearchSpace:
    found = describe_kind(kind).search
    if not found:
        raise ModelParameterError(
            f"The kind {kind!r} has nothing to search; leave `search` out.", path=("search",)
        )
    return {name: _as_json(number_of(kind, name), range_) for name, range_ in found.items()}


def _as_json(number: Parameter, found: SearchRange) -> dict[str, Any]:
    low, high = number.normal(found.low), number.normal(found.high)
    return {"low": low, "high": high, "log": found.is_log}
