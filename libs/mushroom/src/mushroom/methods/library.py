"""The methods that come with the package."""

from __future__ import annotations

from importlib.resources import files

from mushroom.errors import MethodError
from mushroom.methods.method import Method, parse_method
from mushroom.names import suggest

__all__ = ["load_method", "method_names"]


def method_names() -> tuple[str, ...]:
    """The names of the methods, sorted.

    >>> method_names()
    ('daily_activity', 'entity_activity')
    """
    found = (path.name for path in files("mushroom.methods").iterdir())
    return tuple(sorted(name.removesuffix(".sql") for name in found if name.endswith(".sql")))


def load_method(name: str) -> Method:
    """The method of that name.

    Raises:
        MethodError: There is none.
    """
    if name not in method_names():
        hint = suggest(name, method_names())
        raise MethodError(f"There is no download method named {name!r}; {hint}")
    text = files("mushroom.methods").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return parse_method(text, name=name)
