"""From `NAME=VALUE` on the command line to what a method takes."""

from collections.abc import Iterable, Mapping
from typing import Any

from mushroom.errors import MethodError
from mushroom.methods.declaration import ParameterDeclaration

__all__ = ["parse_parameters", "parse_table_options"]


def parse_table_options(tables: Iterable[str], columns: Iterable[str]) -> dict[str, Any]:
    """The tables for `bind_method`.

    Args:
        tables: `NAME=TABLE` each.
        columns: `NAME.COLUMN=ITS` each, for some of these names.

    Raises:
        MethodError: One has another form, stands twice, or is of a table that is not given.

    >>> parse_table_options(["events=orders"], ["events.item=product"])
    {'events': {'table': 'orders', 'columns': {'item': 'product'}}}
    """
    found: dict[str, Any] = {}
    for text in tables:
        name, table = _split(text, "--table NAME=TABLE")
        if name in found:
            raise MethodError(f"--table {name}=... is given twice; give it once.")
        found[name] = {"table": table}
    for text in columns:
        path, its = _split(text, "--column NAME.COLUMN=ITS")
        name, _, column = path.partition(".")
        if name not in found or not column:
            raise MethodError(
                f"--column {text} must begin with a name that --table gives, and a dot."
            )
        found[name].setdefault("columns", {})[column] = its
    return found


def parse_parameters(
    texts: Iterable[str], declared: Mapping[str, ParameterDeclaration]
) -> dict[str, Any]:
    """The parameters' values as JSON, for `bind_method`, which checks their types.

    Args:
        texts: `NAME=VALUE` each; several of one name make an array.
        declared: The method's parameters.

    Raises:
        MethodError: One has another form, or stands twice and is no array.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, value = _split(text, "--param NAME=VALUE")
        kind = declared[name].type if name in declared else "string"
        if kind.startswith("array<"):
            found.setdefault(name, []).append(_read(value, kind[6:-1]))
        elif name in found:
            raise MethodError(f"--param {name}=... is given twice, and takes one value.")
        else:
            found[name] = _read(value, kind)
    return found


def _split(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise MethodError(f"{text!r} must have the form {form}.")
    return name, value


def _read(text: str, kind: str) -> Any:
    """The JSON value that a text stands for; a text that is none of its type is left as it is."""
    try:
        match kind:
            case "int64":
                return int(text)
            case "float64":
                return float(text)
            case "bool":
                return {"true": True, "false": False}.get(text.lower(), text)
    except ValueError:
        pass
    return text
