"""Quantities of Kubernetes: `500m`, `26Gi`, `2`."""

from __future__ import annotations

import re
from decimal import Decimal

__all__ = ["quantity"]

_UNITS = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {f"{name}i": 10 * place for place, name in enumerate("KMGTPE", start=1)}
_QUANTITY = re.compile(r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)")


def quantity(text: object) -> Decimal:
    """Read a quantity such as `500m`, `26Gi` or `2`."""
    found = _QUANTITY.fullmatch(str(text))
    if found is None:
        raise ValueError(f"{text!r} is no quantity: write it as 500m, 26Gi or 2.")
    number, unit = Decimal(found[1]), found[2]
    if unit in _BINARY:
        return number * Decimal(2 ** _BINARY[unit])
    return number.scaleb(_UNITS[unit])
