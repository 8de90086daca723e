"""A week's active, new, returning and lapsed users, as one page with plots.

Names are imported on first use: `kpi-digest --help` loads neither gokart nor matplotlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpi_digest.digest import Digest, Week
    from kpi_digest.errors import DigestError, KpiDigestError, OutputError
    from kpi_digest.reading import read_digest

__version__ = "0.1.0"

_MODULE_OF = {
    "Digest": "digest",
    "DigestError": "errors",
    "KpiDigestError": "errors",
    "OutputError": "errors",
    "Week": "digest",
    "read_digest": "reading",
}

__all__ = ["Digest", "DigestError", "KpiDigestError", "OutputError", "Week", "read_digest"]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
