"""Holds a warehouse's answer against what the method says that it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from mushroom.errors import MethodError
from mushroom.methods.declaration import ANY_COLUMNS, ResultDeclaration
from mushroom.methods.method import Method
from mushroom.methods.values import ResultType

__all__ = ["answer_faults", "check_answer"]

_FITS: Mapping[str, Callable[[pa.DataType], bool]] = {
    "any": lambda kind: True,  # noqa: ARG005 (any type)
    "entity": lambda kind: pa.types.is_int64(kind) or pa.types.is_string(kind),
    "bool": pa.types.is_boolean,
    "int64": pa.types.is_int64,
    "float64": pa.types.is_float64,
    "numeric": pa.types.is_decimal,
    "string": pa.types.is_string,
    "date": pa.types.is_date32,
    "datetime": lambda kind: pa.types.is_timestamp(kind) and kind.tz is None,
    "timestamp": lambda kind: pa.types.is_timestamp(kind) and kind.tz is not None,
}


def check_answer(method: Method, schema: pa.Schema) -> None:
    """Refuse an answer whose columns are not those that the method declares.

    Raises:
        MethodError: A column is missing, is not declared, or has another type.
    """
    faults = answer_faults(method.declaration.returns, schema)
    if faults:
        raise MethodError(
            f"The method {method.name} gave another result than it declares: {'; '.join(faults)}."
        )


def answer_faults(returns: Mapping[str, ResultDeclaration], schema: pa.Schema) -> list[str]:
    """What differs between declared columns and those of an answer; nothing declared: nothing."""
    if not returns:
        return []
    declared = [name for name in returns if name != ANY_COLUMNS]
    found = list(schema.names)
    faults = [
        f"the column {name!r} is declared, but not in it" for name in declared if name not in found
    ]
    if ANY_COLUMNS not in returns:
        faults += [f"its column {name!r} is not declared" for name in found if name not in returns]
    if not faults and [name for name in found if name in returns] != declared:
        faults.append(f"its columns are in the order {', '.join(found)}")
    for name in declared:
        if name in found and not _fits(returns[name].type, schema.field(name).type):
            faults.append(
                f"the column {name!r} is declared as {returns[name].type}, and is of Arrow's type "
                f"{schema.field(name).type}"
            )
    return faults


def _fits(declared: ResultType, found: pa.DataType) -> bool:
    if declared.startswith("array<"):
        return bool(pa.types.is_list(found)) and bool(_FITS[declared[6:-1]](found.value_type))
    return bool(_FITS[declared](found))
