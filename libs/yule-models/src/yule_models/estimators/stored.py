"""The files of a stored estimator, of which any may be damaged or absent."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gokart_store import canonical_json

from yule_models.errors import EstimatorFormatError, YuleModelsError

__all__ = ["ESTIMATOR_FILE", "check_shape", "read_description", "reading", "write_description"]

ESTIMATOR_FILE = "estimator.json"


def write_description(
    folder: Path, description: Mapping[str, Any], *, kind: str, stored_format: int
) -> None:
    """Write what an estimator is, beside what it has learned."""
    whole = {"kind": kind, "format": stored_format, **description}
    (folder / ESTIMATOR_FILE).write_text(canonical_json(whole) + "\n", encoding="utf-8")


def read_description(folder: Path, *, kind: str, stored_format: int) -> dict[str, Any]:
    """Read what an estimator is.

    Raises:
        EstimatorFormatError: If it is of another kind or format, or there is none.
    """
    path = folder / ESTIMATOR_FILE
    try:
        description: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = description["kind"], description["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EstimatorFormatError(f"{path} does not describe an estimator: {error}.") from error
    if found != (kind, stored_format):
        raise EstimatorFormatError(
            f"{path} describes a {found[0]} of format {found[1]}; this is {kind} of format "
            f"{stored_format}. Load it with the version that saved it, or fit it again."
        )
    return description


@contextmanager
def reading(path: Path) -> Iterator[Path]:
    """Name the file where what is read from it is not what was stored.

    Raises:
        EstimatorFormatError: If reading fails, in whatever way a library has of failing.
    """
    try:
        yield path
    except (YuleModelsError, ImportError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise EstimatorFormatError(
            f"{path} is missing, without which the estimator cannot be read; bring it back, or fit "
            "the estimator again."
        ) from error
    except Exception as error:  # safetensors, LightGBM and torch have errors of their own
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise EstimatorFormatError(
            f"{path} does not hold what was stored of an estimator: {what}. Bring it back, or fit "
            "the estimator again."
        ) from error


def check_shape(name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    """Refuse an array of another shape.

    Raises:
        ValueError: If it is; `reading` names the file.
    """
    if shape != expected:
        raise ValueError(f"{name} has the shape {shape}, where {expected} is needed")
