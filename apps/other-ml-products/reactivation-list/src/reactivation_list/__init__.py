"""Customers who lapsed, by how likely they come back and how far they fell.

Names are imported on first use: `reactivation-list --help` loads neither gokart nor LightGBM.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reactivation_list.errors import OutputError, ReactivationError, RequestError
    from reactivation_list.making import Reactivation, make_list
    from reactivation_list.request import Request
    from reactivation_list.validation import ModelFigures, Validation

__version__ = "0.1.0"

_MODULE_OF = {
    "ModelFigures": "validation",
    "OutputError": "errors",
    "Reactivation": "making",
    "ReactivationError": "errors",
    "Request": "request",
    "RequestError": "errors",
    "Validation": "validation",
    "make_list": "making",
}

__all__ = [
    "ModelFigures",
    "OutputError",
    "Reactivation",
    "ReactivationError",
    "Request",
    "RequestError",
    "Validation",
    "make_list",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
