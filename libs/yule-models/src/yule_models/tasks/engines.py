"""The library that fits a kind of model, as part of a fit's identity."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from yule_models.errors import MissingLibraryError
from yule_models.registry import describe_kind

__all__ = ["engine_of", "versioned"]


def engine_of(kind: str) -> str:
    """Return the engine of a kind of model with its major.minor version, as `lightgbm 4.7`.

    A release of it may fit otherwise; a patch must not.

    Raises:
        ModelParameterError: If there is no such kind.
        MissingLibraryError: If the engine is not installed.
    """
    return versioned(describe_kind(kind).engine)


@cache
def versioned(package: str) -> str:
    """Return a package with its major.minor version, as `lightgbm 4.7`.

    Raises:
        MissingLibraryError: If it is not installed.
    """
    try:
        release = version(package)
    except PackageNotFoundError as error:
        raise MissingLibraryError(
            f"A model of this case needs {package}, which is not installed; install it, or "
            "leave the model out."
        ) from error
    return f"{package} {'.'.join(release.split('.')[:2])}"
