"""The library behind each kind of model, and the memory that it takes."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from yule_models.errors import MissingLibraryError

__all__ = ["engine_of", "memory_gib_of"]

_ENGINES = {"gbdt": "lightgbm", "linear": "scikit-learn", "constant": "numpy"}
_DEFAULT_ENGINE = "torch"
_MEMORY_GIB = {"torch": 3.0}
_DEFAULT_MEMORY_GIB = 2.0


def engine_of(kind: str) -> str:
    """Return the engine of a kind of model with its major.minor version, as `lightgbm 4.7`.

    A release of it may fit otherwise; a patch must not.

    Raises:
        MissingLibraryError: If the engine is not installed.
    """
    return _versioned(_ENGINES.get(kind, _DEFAULT_ENGINE))


def memory_gib_of(kind: str) -> float:
    """Return the memory to declare for a fit of this kind, in GiB."""
    return _MEMORY_GIB.get(_ENGINES.get(kind, _DEFAULT_ENGINE), _DEFAULT_MEMORY_GIB)


@cache
def _versioned(package: str) -> str:
    try:
        release = version(package)
    except PackageNotFoundError as error:
        raise MissingLibraryError(
            f"A model of this case needs {package}, which is not installed; install it, or "
            "leave the model out."
        ) from error
    return f"{package} {'.'.join(release.split('.')[:2])}"
