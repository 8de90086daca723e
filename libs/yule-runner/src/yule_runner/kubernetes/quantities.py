"""Amounts as Kubernetes writes them."""

from __future__ import annotations

import math

__all__ = ["cpu_quantity", "memory_gib", "memory_quantity"]

_GIB = 2**30


def cpu_quantity(cores: float) -> str:
    """Write CPU cores, in whole cores or rounded up to thousandths.

    >>> cpu_quantity(7), cpu_quantity(0.5)
    ('7', '500m')
    """
    millis = math.ceil(round(cores * 1000, 6))
    return str(millis // 1000) if millis % 1000 == 0 else f"{millis}m"


def memory_quantity(gib: float) -> str:
    """Write GiB, in whole GiB or rounded up to MiB.

    >>> memory_quantity(26), memory_quantity(0.5)
    ('26Gi', '512Mi')
    """
    mib = math.ceil(round(gib * 1024, 6))
    return f"{mib // 1024}Gi" if mib % 1024 == 0 else f"{mib}Mi"


def memory_gib(text: str) -> float:
    """Read what `memory_quantity` writes, or bytes; 0 for what is written otherwise.

    >>> memory_gib("26Gi"), memory_gib("512Mi")
    (26.0, 0.5)
    """
    if text.endswith("Gi"):
        return float(text.removesuffix("Gi"))
    if text.endswith("Mi"):
        return float(text.removesuffix("Mi")) / 1024
    return float(text) / _GIB if text.isdecimal() else 0.0
